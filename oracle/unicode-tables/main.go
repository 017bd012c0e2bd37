// Command unicode-tables prints the Rust tables of crates/go-text-template/src/unicode/tables.rs: which characters
// Go's unicode and strconv packages call letters, digits and printable.
//
//	go run ./unicode-tables > ../crates/go-text-template/src/unicode/tables.rs
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

func ranges(is func(rune) bool) [][2]rune {
	var found [][2]rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !is(r) {
			continue
		}
		if n := len(found); n > 0 && found[n-1][1] == r-1 {
			found[n-1][1] = r
		} else {
			found = append(found, [2]rune{r, r})
		}
	}
	return found
}

func table(name, doc string, is func(rune) bool) {
	found := ranges(is)
	fmt.Printf("\n/// %s\npub(crate) const %s: [(u32, u32); %d] = [\n", doc, name, len(found))
	var line strings.Builder
	for _, r := range found {
		cell := fmt.Sprintf(" (0x%x, 0x%x),", r[0], r[1])
		if line.Len()+len(cell) > 106 {
			fmt.Println("   " + line.String())
			line.Reset()
		}
		line.WriteString(cell)
	}
	fmt.Println("   " + line.String())
	fmt.Println("];")
}

func main() {
	fmt.Printf("//! Character classes of Go's Unicode %s, as inclusive ranges in ascending order.\n", unicode.Version)
	fmt.Println("//! Written by `oracle/unicode-tables`; do not edit by hand.")
	table("LETTERS_AND_DIGITS", "What `unicode.IsLetter` or `unicode.IsDigit` holds for.", func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	})
	table("PRINTABLE", "What `strconv.IsPrint` (and `unicode.IsPrint`) holds for.", func(r rune) bool {
		if strconv.IsPrint(r) != unicode.IsPrint(r) {
			panic(r)
		}
		return strconv.IsPrint(r)
	})
}
