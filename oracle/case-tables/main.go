// Command case-tables writes Go's case mappings and letter classes as Rust tables, for crates/helm-template.
//
//	go run ./case-tables > ../crates/helm-template/src/unicode/tables.rs
package main

import (
	"fmt"
	"unicode"
)

func main() {
	fmt.Printf("//! Cases and classes of Go's Unicode %s. Written by `oracle/case-tables`; do not edit by hand.\n\n", unicode.Version)
	fmt.Println("/// First and last character, and what to add for upper, lower and title case; `ALTERNATING` in a run where upper\n/// and lower case take turns.")
	fmt.Printf("pub(super) const CASES: [(u32, u32, [i32; 3]); %d] = [\n", len(unicode.CaseRanges))
	var rows []string
	for _, r := range unicode.CaseRanges {
		rows = append(rows, fmt.Sprintf("(%#x, %#x, [%d, %d, %d]),", r.Lo, r.Hi, r.Delta[0], r.Delta[1], r.Delta[2]))
	}
	pack(rows)
	fmt.Println("];\n\n/// Stands for the difference in a run where upper and lower case take turns.")
	fmt.Printf("pub(super) const ALTERNATING: i32 = %#x;\n", unicode.UpperLower)
	for _, class := range []struct {
		name, meaning string
		table         *unicode.RangeTable
	}{
		{"UPPER", "Upper case letters", unicode.Upper},
		{"LOWER", "Lower case letters", unicode.Lower},
		{"TITLE", "Title case letters", unicode.Title},
		{"LETTERS", "Letters", unicode.Letter},
		{"DIGITS", "Decimal digits", unicode.Digit},
		{"NUMBERS", "Numbers", unicode.Number},
		{"PUNCTUATION", "Punctuation", unicode.Punct},
	} {
		write(class.name, class.meaning, class.table)
	}
}

func write(name, meaning string, table *unicode.RangeTable) {
	fmt.Printf("\n/// %s: first, last and step.\npub(super) const %s: [(u32, u32, u32); %d] = [\n", meaning, name, len(table.R16)+len(table.R32))
	var rows []string
	for _, r := range table.R16 {
		rows = append(rows, fmt.Sprintf("(%#x, %#x, %d),", r.Lo, r.Hi, r.Stride))
	}
	for _, r := range table.R32 {
		rows = append(rows, fmt.Sprintf("(%#x, %#x, %d),", r.Lo, r.Hi, r.Stride))
	}
	pack(rows)
	fmt.Println("];")
}

// pack writes as many rows on a line as fit.
func pack(rows []string) {
	const width = 118
	line := "   "
	for _, row := range rows {
		if len(line)+1+len(row) > width {
			fmt.Println(line)
			line = "   "
		}
		line += " " + row
	}
	fmt.Println(line)
}
