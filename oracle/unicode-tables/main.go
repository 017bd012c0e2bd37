// Command unicode-tables prints Rust tables of what Go's unicode and strconv packages call letters, digits and
// printable characters. The order of map keys in YAML depends on the first two, error texts on the last.
//
//	go run ./unicode-tables template > ../crates/go-text-template/src/unicode/tables.rs
//	go run ./unicode-tables yaml > ../crates/helm-template/src/yaml/unicode/tables.rs
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"
)

func ranges(first rune, is func(rune) bool) [][2]rune {
	var found [][2]rune
	for r := first; r <= unicode.MaxRune; r++ {
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

func table(first rune, visibility, name, doc string, is func(rune) bool) {
	found := ranges(first, is)
	fmt.Printf("\n/// %s\n%s const %s: [(u32, u32); %d] = [\n", doc, visibility, name, len(found))
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
	switch {
	case len(os.Args) == 2 && os.Args[1] == "template":
		template()
	case len(os.Args) == 2 && os.Args[1] == "yaml":
		yaml()
	default:
		fmt.Fprintln(os.Stderr, "usage: unicode-tables template|yaml")
		os.Exit(2)
	}
}

func template() {
	head("")
	table(0, "pub(crate)", "LETTERS_AND_DIGITS", "What `unicode.IsLetter` or `unicode.IsDigit` holds for.", func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	})
	table(0, "pub(crate)", "PRINTABLE", "What `strconv.IsPrint` (and `unicode.IsPrint`) holds for.", func(r rune) bool {
		if strconv.IsPrint(r) != unicode.IsPrint(r) {
			panic(r)
		}
		return strconv.IsPrint(r)
	})
}

func yaml() {
	head(" beyond ASCII")
	table(0x80, "pub(super)", "LETTERS", "What `unicode.IsLetter` holds for.", unicode.IsLetter)
	table(0x80, "pub(super)", "DIGITS", "What `unicode.IsDigit` holds for.", unicode.IsDigit)
	table(0x80, "pub(super)", "PRINTABLE", "What `strconv.IsPrint` holds for.", strconv.IsPrint)
}

func head(where string) {
	fmt.Printf("//! Character classes of Go's Unicode %s%s, as inclusive ranges in ascending order.\n", unicode.Version, where)
	fmt.Println("//! Written by `oracle/unicode-tables`; do not edit by hand.")
}
