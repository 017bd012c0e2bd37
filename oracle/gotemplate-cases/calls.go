package main

import (
	"fmt"
	"strings"
)

// literals asks what every notation of a constant means, alone and as an argument.
func literals() {
	numbers := strings.Fields(`0 1 -1 +1 00 07 08 0777 0o17 0O17 0b11 0B10 0x1f 0X1F 0x 0b 0o 0b2 0o8 0xg 1_000 1__0 _1 1_ 0_7 0x_1f
		0b_1 1e3 1E3 1e+3 1e-3 1e 1e+ 1.5 1. .5 -.5 +.5 . 1.e2 0x1p4 0x1.8p1 0x.8p0 0x1p 0x1p-2 0X1P+2 0x1.8 1i 1.5i -2i 0i 1e2i
		1+2i 1-2i -1.5+2.5i 1+2 1i+2i 0x1p1+2i 1+2ii 9223372036854775807 9223372036854775808 -9223372036854775808
		-9223372036854775809 18446744073709551615 18446744073709551616 1e400 1e-400 1e18 1e19 1e20 1e308 4.9e-324 0.1 0.30000000000000004
		123456789012345678901234567890 1.0 2.50 100000.0 1000000.0 -0 -0.0 +0 0x8000000000000000 -0x8000000000000000
		0x7fffffffffffffff 1a 1_a 1.2.3 0x1e -0x1e +0x1e 0x1e5 1e5 'a' 'é' '世' '\n' '\'' '"' '\"' '\x41' '\u00e9' '\U0001F600' '\101' '\777'
		'' 'ab' '\ud800' '\q' '\' '😀' 0e0 0.e1 00.5 1_0.5_0 1_.5 1._5 1e1_0 3- 3+ 3+x true false 1true`)
	for _, n := range numbers {
		kind("{{ " + n + " }}")
		kind("{{ printf \"%T %v\" " + n + " " + n + " }}")
		kind("{{ $x := " + n + " }}{{ $x }}")
		for _, take := range strings.Fields("takeint takeint8 takeuint takeuint8 takef32 takef64 takec takestr takebool any takelist takeerr takepair") {
			kind("{{ " + take + " " + n + " }}")
		}
	}
	texts := []string{`"a"`, `"\n\t\\\""`, `"\x41\101\u00e9\U0001F600"`, `"\xff"`, `"\q"`, `"\'"`, `"a`, `"a\"`, "`raw`", "`raw \\n`", "`raw",
		"`a\r\nb`", "\"a\nb\"", `"\u12"`, `"\ud800"`, `"\400"`, `"\x4"`, `""`, "``", `"é世"`, "\"\xff\"", "`\xff`"}
	for _, t := range texts {
		kind("{{ " + t + " }}")
		kind("{{ printf \"%q %d\" " + t + " (len " + t + ") }}")
		for _, take := range strings.Fields("takeint takestr takebool takelist any takef64") {
			kind("{{ " + take + " " + t + " }}")
		}
	}
	for range 800 {
		n := pick([]string{"", "-", "+"}) + pick([]string{"0x", "0b", "0o", "0", "", "", "", ""})
		for range 1 + random.IntN(5) {
			n += pick([]string{"0", "1", "7", "9", "a", "f", "_", ".", "e", "p", "+", "-", "i", "5", "3"})
		}
		kind("{{ " + n + " }}|{{ printf \"%T\" " + n + " }}")
	}
}

// calls asks how arguments are checked: every kind of value against every kind of parameter, in every position.
func calls() {
	takers := strings.Fields("takebool takeint takeint8 takeuint takeuint8 takef32 takef64 takec takestr takelist takestrs takemap takeerr takepair any")
	holders := []string{".i", ".f", ".s", ".t", ".n", ".l", ".m", ".missing", ".m.missing", "$.s", "(.s)", "."}
	for _, take := range takers {
		for _, value := range append(values, holders...) {
			kind(fmt.Sprintf("{{ %s %s }}", take, value))
			if value != "nil" && random.IntN(3) == 0 {
				kind(fmt.Sprintf("{{ %s | %s }}", value, take))
				kind(fmt.Sprintf("{{ $v := %s }}{{ %s $v }}", value, take))
			}
		}
		for _, value := range holders {
			for _, mode := range []string{"zero", "strict", "go"} {
				ask(question{Template: fmt.Sprintf("{{ %s %s }}", take, value), Sample: true, Mode: mode})
				ask(question{Template: fmt.Sprintf("{{ %s | %s }}", value, take), Sample: true, Mode: mode})
			}
		}
	}
	functions := []string{"taketwo", "takesome", "takestr", "nan", "len", "printf", "print", "eq", "lt", "not", "index", "slice", "and", "or", "html", "fail", "panic", "dict", "strings", "ints", "call", "println", "ne"}
	arguments := []string{"1", "\"a\"", ".i", ".s", "nil", ".missing", "(ints 1 2)", "true", ".m", "-3", "2.5"}
	for _, function := range functions {
		for range 60 {
			var given strings.Builder
			for range random.IntN(5) {
				given.WriteString(" " + pick(arguments))
			}
			kind("{{ " + function + given.String() + " }}")
			kind("{{ " + pick([]string{"1", ".s", "\"x\"", ".missing", ".l", "true"}) + " | " + function + given.String() + " }}")
			kind("{{ print (" + function + given.String() + ") 1 }}")
			kind("{{ if " + function + given.String() + " }}T{{ else }}F{{ end }}")
		}
	}
	for _, f := range []string{"func", "variadic", ".i", "nil", ".missing", "\"x\"", "nilany", "(any func)"} {
		for _, given := range []string{"", " 1", " 1 \"abc\"", " \"abc\" 1", " \"abc\" 1 2", " 1 nil", " \"abc\" 1.5", " 9 \"abc\"", " \"abc\" (int8 3)", " nil", " \"abc\" .missing"} {
			kind("{{ call " + f + given + " }}")
			kind("{{ $f := any " + f + " }}{{ call $f" + given + " }}")
			if f != "nil" {
				kind("{{ " + f + " | call }}")
			}
			kind("{{ \"abc\" | call " + f + given + " }}")
		}
	}
	kind("{{ func }}")
	kind("{{ $f := func }}{{ $f 1 \"a\" }}")
	kind("{{ if func }}T{{ end }}{{ not func }}")
	for _, name := range []string{"fail", "panic", "error"} {
		for _, text := range []string{"plain", "with % percent %d", "quo\\\"te", "é\\n"} {
			kind(fmt.Sprintf("{{ %s \"%s\" }}", name, text))
			kind(fmt.Sprintf("a{{ if true }}b{{ %s \"%s\" | print 1 }}{{ end }}", name, text))
			kind(fmt.Sprintf("{{ print 1 (%s \"%s\") }}", name, text))
		}
	}
}

// builtins asks for the built-in functions on every pair of kinds.
func builtins() {
	few := append([]string{".i", ".s", ".n", ".l", ".m", ".missing", ".em", ".el", ".t", ".f"}, values...)
	for _, a := range few {
		for _, f := range []string{"len", "not", "and", "or", "index", "slice"} {
			kind(fmt.Sprintf("{{ %s %s }}", f, a))
			kind(fmt.Sprintf("{{ %s (any %s) }}", f, a))
		}
		for _, b := range few {
			if random.IntN(8) != 0 {
				continue
			}
			f := pick([]string{"eq", "ne", "lt", "le", "gt", "ge"})
			kind(fmt.Sprintf("{{ %s %s %s }}", f, a, b))
			kind(fmt.Sprintf("{{ eq %s %s %s }}", pick(few), a, b))
		}
		for _, f := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
			kind(fmt.Sprintf("{{ %s %s %s }}", f, a, a))
		}
		for _, index := range []string{"0", "1", "2", "3", "100", "-1", "\"a\"", "\"k\"", "nil", "1.0", "true", "(uint8 1)", "(int64 0)", ".missing", ".n", "(uint64 -1)"} {
			if random.IntN(2) == 0 {
				continue
			}
			kind(fmt.Sprintf("{{ index %s %s }}", a, index))
			kind(fmt.Sprintf("{{ slice %s %s }}", a, index))
			kind(fmt.Sprintf("{{ index %s %s %s }}", a, index, pick([]string{"0", "1", "\"a\"", "\"c\"", "nil"})))
			kind(fmt.Sprintf("{{ slice %s %s %s }}", a, index, pick([]string{"0", "1", "2", "4", "-1", "nil", "\"a\""})))
		}
		kind(fmt.Sprintf("{{ slice %s 0 1 2 }}|{{ slice (slice %s 0 1 1) 0 2 }}", a, a))
		kind(fmt.Sprintf("{{ slice %s 1 0 }}", a))
		kind(fmt.Sprintf("{{ slice %s 0 1 2 3 }}", a))
		kind(fmt.Sprintf("{{ slice (slice %s 0 1) 0 2 }}", a))
		kind(fmt.Sprintf("{{ and %s 1 }}|{{ or %s 1 }}|{{ and 1 %s }}|{{ or 0 %s }}", a, a, a, a))
		kind(fmt.Sprintf("{{ (and %s 1).x }}", a))
		kind(fmt.Sprintf("{{ takestr (or %s 1) }}", a))
		if a != "nil" {
			kind(fmt.Sprintf("{{ %s | and 1 }}|{{ %s | or 0 }}|{{ %s | and 0 }}|{{ %s | or 1 }}", a, a, a, a))
			kind(fmt.Sprintf("{{ takestr (%s | and 1) }}", a))
		}
	}
	for _, text := range []string{"<a href=\\\"x\\\">'&'</a>", "it's \\\"<x>\\\" & = \\n\\\\", "a b&c=d/é?~._-%+", "\\x00\\x1f\\x7f", "\\u2028\\u00a0\\u200b", "\\xff", "日本😀"} {
		for _, f := range []string{"html", "js", "urlquery", "print", "printf \"%q %+q %#q %x\" \"\" \"\" \"\""} {
			kind(fmt.Sprintf("{{ %s \"%s\" }}", f, text))
		}
	}
}
