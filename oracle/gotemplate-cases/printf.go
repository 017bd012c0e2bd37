package main

import (
	"fmt"
	"strings"
)

// printf asks for every verb with many flags on every value, and for odd format strings.
func printf() {
	verbs := "vTtbcdoOqxXUeEfFgGswy!"
	flags := []string{"", "+", "#", "-", " ", "0", "+#", "# ", "-0", "+0", " 0", "#0"}
	sizes := []string{"", "5", "12", "2", ".0", ".1", ".3", ".8", "10.2", "012.4", "1."}
	for _, value := range values {
		for _, verb := range verbs {
			var t strings.Builder
			for _, flag := range flags {
				fmt.Fprintf(&t, "{{ printf \"%%%s%s%c\" $v }}|", flag, pick(sizes), verb)
			}
			kind("{{ $v := any " + value + " }}" + t.String())
		}
		kind(fmt.Sprintf("{{ printf \"%%v %%+v %%#v %%T %%s %%d\" %[1]s %[1]s %[1]s %[1]s %[1]s %[1]s }}", value))
		kind(fmt.Sprintf("{{ %[1]s | print }}|{{ print %[1]s 1 %[1]s }}|{{ println %[1]s \"x\" }}", value))
		kind(fmt.Sprintf("{{ html %[1]s }}|{{ js %[1]s }}|{{ urlquery %[1]s }}|{{ html 1 %[1]s 2 }}", value))
		if value != "nil" {
			kind(fmt.Sprintf("{{ %s }}", value))
			kind(fmt.Sprintf("{{ %s | printf \"%%v|%%5v\" 1 }}", value))
		}
	}
	pieces := []string{"%", "%d", "%s", "%v", "%[1]d", "%[2]*[1]d", "%*d", "%-*d", "%.*f", "%[3]d", "%[x]d", "%[]d", "%[1",
		"%[1]", "%5", "%5.", "%.", "%.d", "%!", "%%", "%5%", "%-", "%+", "%#", "%0", "%é", "%\\xff", "% d", "%6.2f",
		"%[2]s", "%[1]v%d", "%99999999999d", "%*", "%.*", "%[1]*d", "%[0]d", "%[-1]d", "%w",
		"%v%v", "x", "é", "%x", "%X", "% x", "%#x", "%q", "%+q", "%#q", "%c", "%U", "%#U", "%t", "%e", "%08.3f", "%+d",
		"%[1]*.[2]*[3]f", "%[2].1f", "%[1]2d", "%p"}
	arguments := []string{"1", "2", "\"str\"", "3.5", "nil", "-4", "true", "\"é\"", "2000000", "(uint8 3)", "7i"}
	for range 1500 {
		var format strings.Builder
		for range 1 + random.IntN(4) {
			format.WriteString(pick(pieces))
			format.WriteString(pick([]string{"", " ", "|"}))
		}
		var given strings.Builder
		for range random.IntN(5) {
			given.WriteString(" " + pick(arguments))
		}
		kind(fmt.Sprintf("{{ printf \"%s\"%s }}", format.String(), given.String()))
	}
	for range 1500 {
		f := fmt.Sprintf("%s%d", pick([]string{"", "-"}), random.IntN(1000))
		f += pick([]string{".0", ".5", fmt.Sprintf(".%d", random.IntN(1000000)), fmt.Sprintf(".%de%d", random.IntN(100000), random.IntN(40)-20)})
		verb := pick([]string{"v", "g", "G", "e", "E", "f", "x", "X", "b", ".3g", ".10g", "#g", "#.3g", "+.2e", "10.3f", "-12.1f|", "#v", ".0f", "#.0f", "#e", "08.2g", "#x", ".2x", ".0x"})
		kind(fmt.Sprintf("{{ printf \"%%%s\" %s }} {{ printf \"%%%s\" (float32 %s) }} {{ %s }}", verb, f, verb, f, f))
	}
}
