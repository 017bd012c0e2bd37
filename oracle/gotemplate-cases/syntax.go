package main

import "strings"

// syntax asks what the lexer and the parser make of fragments put together at random.
func syntax() {
	fragments := []string{"{{", "}}", "{{-", "-}}", "{{- ", " -}}", " ", "\n", "\t", "/*", "*/", "(", ")", "|", ".", ".a", ".i", "$", "$x", ":=", "=", ",", "if",
		"else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "true", "\"s\"", "`r`", "'c'", "1", "-1", "1.5", "print", "nofunc", "text", "#", "é", "\"", "`", "'",
		"..", ".a.b", "$.a", "+", "-", "\\", "\x00", "\xff", ";", "{", "}", "{{end}}", "{{else}}", "{{if .t}}", "{{range .l}}", "{{.i}}", "{{/* c */}}", "{{- /* c */ -}}", "\r\n", "1i", "~", "[", "0x"}
	for range 5000 {
		var t strings.Builder
		if random.IntN(2) == 0 {
			t.WriteString(pick([]string{"{{ ", "a {{", "{{- ", "x\n{{"}))
		}
		for range 1 + random.IntN(9) {
			t.WriteString(pick(fragments))
			t.WriteString(pick([]string{"", "", " "}))
		}
		if random.IntN(2) == 0 {
			t.WriteString(pick([]string{" }}", "}}", " -}}", "}}{{end}}", " }} z"}))
		}
		kind(t.String())
	}
	// Trimming, in all combinations.
	for _, before := range []string{"", "a", "a ", "a\n", " \t\r\n ", "a\u00a0"} {
		for _, after := range []string{"", "b", " b", "\nb", " \t\r\n ", "\vb"} {
			for _, open := range []string{"{{", "{{-", "{{- ", "{{-\n", "{{ -"} {
				for _, shut := range []string{"}}", "-}}", " -}}", "\n-}}", "- }}", "  -}}"} {
					kind(before + open + "1" + shut + after)
					kind(before + open + "/* c */" + shut + after)
					kind(before + open + ".i" + shut + after)
				}
			}
		}
	}
	// Where errors are said to be.
	for _, template := range []string{"{{\n\n1 2 3a\n}}", "{{ if true\n}}\n{{ end", "a\n{{ print 1\n\"abc }}", "{{ range .l }}\n", "{{ if .t }}\n{{ else }}\n{{ else }}\n{{ end }}",
		"{{ define \"x\" }}\n\n", "\n{{ block \"x\" .\n }}\n{{ else }}", "{{/* a\nb", "{{ `a\nb\nc` }}{{ bad }}", "{{\n`a\nb` bad }}", "\n\n{{ (\n1\n}}", "{{ print 1\n2\n3\n) }}", "{{ $x\n}}", "{{ if 1 }}\n{{/* x",
		"{{ if 1 }}{{ end }}\n{{/* x", "{{ with\n$x := 1 }}{{ $y }}", "x{{\n.m.a\n.b.c }}", "{{ printf\n\"%d\"\n.s.x }}", "{{\n\n\n.s.x }}", "{{ template \"a\"\n.s.x }}", "\n{{ template\n\"none\" }}",
		"{{ .s | printf \"%d\" | \n takeint }}", "é{{ .s.x }}", "日本\n語{{ .s.x }}", "{{ print 1 }}\n{{ print (print (print .s.x)) }}", "{{ and 1\n.s.x }}", "{{ (and 1 2).x }}", "{{ (or 0 0 .i).x }}", "{{ takestr (and .i 0) }}",
		"{{ print 1 | takestr | takeint }}", "{{ .m.b.c.d }}", "{{ .m.b.c.d.e }}", "{{ $.m.b.c.d }}", "{{ $x := .m }}{{ $x.b.c.d }}", "{{ (.m).b.c.d }}", "{{ (print 1).x.y }}", "{{ index .m \"b\" \"c\" \"d\" }}",
		"{{ index (index .l 0) 1 }}", "{{ if .s.x }}{{ end }}", "{{ range .s.x }}{{ end }}", "{{ with .s.x }}{{ end }}", "{{ if false }}{{ else if .s.x }}{{ end }}", "{{ $x := .s.x }}", "{{ $x := 1 }}{{ $x = .s.x }}", "{{ template \"job.tpl\" .s.x }}"} {
		kind(template)
	}
	deep := strings.Repeat("(", 50) + "1" + strings.Repeat(")", 50)
	kind("{{ " + deep + " }}")
	kind("{{ print " + deep + " .s.x }}")
	kind(strings.Repeat("{{ if .t }}", 200) + "x" + strings.Repeat("{{ end }}", 200))
	kind("{{ if .z }}" + strings.Repeat("{{ else if .z }}", 200) + "{{ else }}x{{ end }}")
	for _, n := range []int{10000, 10001} {
		kind("{{ " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + " }}")
	}
}

// mixed asks for whole small templates put together at random.
func mixed() {
	for range 3000 {
		var t strings.Builder
		body(&t, 3, false)
		mode := pick([]string{"go", "go", "zero", "strict", "helm"})
		ask(question{Template: "{{ define \"t\" }}<{{ . }}>{{ end }}" + t.String(), Sample: true, Mode: mode})
	}
}

func body(t *strings.Builder, depth int, inRange bool) {
	for range 1 + random.IntN(3) {
		statement(t, depth, inRange)
	}
}

func statement(t *strings.Builder, depth int, inRange bool) {
	kind := random.IntN(10)
	if depth == 0 && kind > 3 {
		kind = 0
	}
	open := pick([]string{"{{ ", "{{- ", "{{"})
	shut := pick([]string{" }}", " -}}", "}}"})
	switch kind {
	case 0, 1:
		t.WriteString(open + pipeline(2) + shut)
	case 2:
		t.WriteString(pick([]string{"text", " ", "\n", "a b", ""}))
	case 3:
		if inRange {
			t.WriteString("{{ if " + pipeline(1) + " }}" + pick([]string{"{{ break }}", "{{ continue }}"}) + "{{ end }}")
		} else {
			t.WriteString(open + pick([]string{"$v := ", "$v = ", "$x := "}) + pipeline(2) + shut)
		}
	case 4:
		t.WriteString(open + "if " + pick([]string{"", "$c := "}) + pipeline(1) + shut)
		body(t, depth-1, inRange)
		if random.IntN(2) == 0 {
			t.WriteString("{{ else if " + pipeline(1) + " }}")
			body(t, depth-1, inRange)
		}
		if random.IntN(2) == 0 {
			t.WriteString(open + "else" + shut)
			body(t, depth-1, inRange)
		}
		t.WriteString(open + "end" + shut)
	case 5, 6:
		t.WriteString(open + "range " + pick([]string{"", "$v := ", "$x, $v := "}) + pick([]string{".l", ".m", "(ints 1 2 3)", "3", pipeline(1)}) + shut)
		body(t, depth-1, true)
		if random.IntN(3) == 0 {
			t.WriteString("{{ else }}")
			body(t, depth-1, inRange)
		}
		t.WriteString("{{ end }}")
	case 7:
		t.WriteString(open + "with " + pick([]string{"", "$v := "}) + pipeline(1) + shut)
		body(t, depth-1, inRange)
		t.WriteString("{{ end }}")
	case 8:
		t.WriteString("{{ template \"t\" " + pipeline(1) + " }}")
	case 9:
		t.WriteString("{{ $v := " + pipeline(1) + " }}{{ $v }}")
	}
}

func pipeline(depth int) string {
	s := command(depth)
	for random.IntN(3) == 0 {
		s += " | " + pick([]string{"print", "len", "printf \"%v-%v\" 1", "not", "and 1", "or 0", "html", "takestr", "index .m", "eq 1", "list", "any", ".m.a", "takeint"})
	}
	return s
}

func command(depth int) string {
	switch random.IntN(5) {
	case 0, 1:
		return operand(depth)
	case 2:
		return pick([]string{"len", "not", "print", "any", "list", "takestr", "html"}) + " " + operand(depth)
	case 3:
		return pick([]string{"eq", "and", "or", "print", "index", "lt", "ne", "list", "printf \"%v|%v\""}) + " " + operand(depth) + " " + operand(depth)
	default:
		return pick([]string{".m.b.c", ".l", "$.i", ".s", ".missing", "1", "\"x\"", ".i", "."})
	}
}

func operand(depth int) string {
	if depth > 0 && random.IntN(3) == 0 {
		return "(" + pipeline(depth-1) + ")" + pick([]string{"", "", "", ".a", ".b.c"})
	}
	return pick([]string{".i", ".s", ".m", ".l", ".n", ".t", ".f", ".m.a", ".m.b.c", ".m.zz", ".missing", ".missing.x", "$.i", "$", ".", "1", "0", "2.5", "\"str\"", "\"\"", "true", "false", "nil", "'c'", "$.m.b"})
}
