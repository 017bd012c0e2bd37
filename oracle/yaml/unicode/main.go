// Command unicode prints the Rust tables of crates/helm-template/src/yaml/unicode/tables.rs: which characters Go
// calls letters, digits and printable. The order of map keys depends on the first two, error texts on the last.
//
//	go run ./unicode > ../../crates/helm-template/src/yaml/unicode/tables.rs
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

func ranges(is func(rune) bool) [][2]rune {
	var found [][2]rune
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
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
	fmt.Printf("\n/// %s\npub(super) const %s: [(u32, u32); %d] = [\n", doc, name, len(found))
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
	fmt.Printf("//! Character classes of Go's Unicode %s beyond ASCII, as inclusive ranges in ascending order.\n", unicode.Version)
	fmt.Println("//! Written by `oracle/yaml/unicode`; do not edit by hand.")
	table("LETTERS", "What `unicode.IsLetter` holds for.", unicode.IsLetter)
	table("DIGITS", "What `unicode.IsDigit` holds for.", unicode.IsDigit)
	table("PRINTABLE", "What `strconv.IsPrint` holds for.", strconv.IsPrint)
}
