package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// fields asks for chains of fields and methods on every kind of value, in every mode.
func fields() {
	bases := append([]string{".", "$", ".m", ".l", ".s", ".n", ".missing", ".i", ".m.b", "$.m", ".em", "$.missing"}, values...)
	chains := []string{".x", ".a", ".b.c", ".Name", ".Value", ".Err", ".Greet", ".Sum 1", ".Sum 1 2 3", ".Sum", ".Sum \"a\"", ".Sum 1 2.5",
		".Fail \"boom\"", ".Title", ".String", ".Value.Title", ".Name.x", ".a.b.c", ".k.x", ".k", ".Nope", ".x 1", ".a 1 (fail \"never\")", ".é", ".Sum nil", ".Sum .i .z"}
	for _, base := range bases {
		for _, chain := range chains {
			name, arguments, _ := strings.Cut(chain, " ")
			expression := strings.TrimPrefix(base+name, "..")
			if base == "." {
				expression = name
			}
			if arguments != "" {
				expression += " " + arguments
			}
			for _, mode := range []string{"go", "zero", "strict"} {
				if mode != "go" && random.IntN(3) != 0 {
					continue
				}
				asks := []string{"{{ " + expression + " }}"}
				if base != "nil" {
					asks = append(asks, fmt.Sprintf("{{ $v := %s }}{{ $v%s %s }}", base, name, arguments),
						fmt.Sprintf("{{ with $v := %s }}{{ %s %s }}{{ end }}", base, name, arguments),
						fmt.Sprintf("{{ range list %s }}{{ %s %s }}{{ end }}", base, name, arguments),
						fmt.Sprintf("{{ 5 | ($v := any %s)%s %s }}", base, name, arguments),
						fmt.Sprintf("{{ print 1 (%s) }}{{ print (any %s)%s 2 }}", expression, base, name))
				}
				for _, template := range asks {
					if random.IntN(4) == 0 {
						ask(question{Template: template, Sample: true, Mode: mode})
					}
				}
			}
		}
	}
	for _, data := range []string{`null`, `5`, `"text"`, `[1,2]`, `{}`, `true`, `2.5`} {
		for _, template := range []string{"{{ . }}", "{{ .x }}", "{{ .x.y }}", "{{ $ }}", "{{ $.x }}", "{{ range . }}{{ . }},{{ else }}none{{ end }}", "{{ with . }}{{ . }}{{ else }}none{{ end }}",
			"{{ index . 0 }}", "{{ len . }}", "{{ printf \"%T\" . }}", "{{ .x 1 }}", "{{ (.).x }}", "{{ define \"t\" }}{{ . }}|{{ .x }}|{{ .x.y.z }}{{ end }}{{ template \"t\" }}", "{{ template \"job.tpl\" }}"} {
			for _, numbers := range []string{"int", "int64", "float64"} {
				for _, mode := range []string{"go", "strict"} {
					if template == "{{ template \"job.tpl\" }}" {
						continue
					}
					ask(question{Template: template, Sample: true, Data: json.RawMessage(data), Mode: mode, Numbers: numbers})
				}
			}
		}
	}
}

// statements asks for every control structure over every kind of value.
func statements() {
	all := append([]string{".i", ".z", ".s", ".e", ".n", ".l", ".el", ".m", ".em", ".missing", ".t", ".f", ".", "$", "(seq 3)", "(seq 0)", "(seq2 \"a\" \"b\")"}, values...)
	shapes := []string{
		"{{ if %s }}T{{ else }}F{{ end }}",
		"{{ if $x := %s }}T{{ $x }}{{ else }}F{{ $x }}{{ end }}",
		"{{ with %s }}[{{ . }}]{{ else }}F{{ end }}",
		"{{ with $x := %s }}[{{ . }}{{ $x }}]{{ else with 7 }}{{ . }}{{ $x }}{{ end }}",
		"{{ range %s }}[{{ . }}]{{ else }}none{{ end }}",
		"{{ range $v := %s }}[{{ $v }}{{ . }}]{{ else }}none{{ $v }}{{ end }}",
		"{{ range $k, $v := %s }}{{ $k }}={{ $v }};{{ else }}none{{ $k }}{{ $v }}{{ end }}",
		"{{ $k := 1 }}{{ $v := 2 }}{{ range $k, $v = %s }}{{ $k }}={{ $v }};{{ break }}{{ end }}{{ $k }}{{ $v }}",
		"{{ $v := 2 }}{{ range $v = %s }}{{ continue }}{{ end }}{{ $v }}",
		"{{ if not %s }}a{{ else if %[1]s }}b{{ else }}c{{ end }}",
		"{{ define \"t\" }}<{{ . }}{{ $ }}>{{ end }}{{ template \"t\" %s }}",
		"{{ block \"b\" %s }}({{ . }}){{ end }}",
		"{{ $a := %s }}{{ $b := $a }}{{ $a = 5 }}{{ $a }}{{ $b }}",
		"{{ range $i, $v := %s }}{{ if $i }}, {{ end }}{{ printf \"%%T %%v\" $v $v }}{{ end }}",
		"{{ range %s }}{{ range $ }}{{ end }}{{ with . }}{{ break }}{{ end }}x{{ end }}!",
		"{{ print (%s) }}", "{{ (%s) | print }}",
	}
	for _, value := range all {
		for _, shape := range shapes {
			if strings.Contains(shape, "range") && (strings.Contains(value, "9223372036854775807") || strings.Contains(value, "uint") || strings.Contains(value, "(duration 5") || value == "(int16 300)") {
				continue // too many rounds
			}
			kind(fmt.Sprintf(shape, value))
		}
	}
	for _, template := range strings.Split(strings.TrimSpace(odd), "\n") {
		kind(strings.ReplaceAll(template, "⏎", "\n"))
		ask(question{Template: strings.ReplaceAll(template, "⏎", "\n"), Sample: true, Mode: "strict"})
	}
	files := []map[string]string{
		{"a.tpl": "{{ define \"t\" }}from a{{ end }}{{ define \"only\" }}A{{ . }}{{ end }}", "b.tpl": "{{ define \"t\" }}from b{{ end }}plain b"},
		{"a.tpl": "{{ define \"t\" }}a{{ end }}", "b.tpl": "{{ define \"t\" }} {{/* nothing */}} {{ end }}"},
		{"a.tpl": "text", "b.tpl": "{{ define \"a.tpl\" }}changed{{ end }}"},
		{"a.tpl": "{{ fail \"x\" }}", "z.tpl": "{{ template \"a.tpl\" }}"},
		{"a.tpl": "line\n{{ .s.x }}", "z.tpl": "{{ template \"a.tpl\" . }}"},
		{"a.tpl": "{{ bad"}, {"a-d.tpl": "{{ .s.x }}", "quo\"te": "q", "": "empty name"},
	}
	for _, set := range files {
		for _, template := range []string{"{{ template \"t\" }}", "{{ template \"a.tpl\" }}", "{{ template \"b.tpl\" . }}", "{{ template \"z.tpl\" . }}", "{{ template \"only\" 1 }}", "{{ template \"none\" }}",
			"{{ template \"quo\\\"te\" }}", "{{ template \"\" }}", "{{ define \"t\" }}mine{{ end }}{{ template \"t\" }}", "x", "{{ template \"a-d.tpl\" . }}", "{{ define \"a.tpl\" }}over{{ end }}{{ template \"a.tpl\" }}"} {
			for _, name := range []string{"job.tpl", "dir/x.yaml", "a.tpl", "quo\"te\n", "é"} {
				ask(question{Template: template, Files: set, Sample: true, Name: name})
			}
		}
	}
	for _, delims := range [][]string{{"<%", "%>"}, {"[[", "]]"}, {"(", ")"}, {"{{{", "}}}"}, {"$", "$"}, {"", ""}, {"<<", ""}, {"//", "\n"}, {"é", "è"}} {
		for _, template := range []string{"aL .i Rb", "aL- .i -Rb", "a L- .i -R b", "L/* c */R.", "L- /* c */ -R .", "L if .t Ryes L end R", "{{ .i }}L .i R", "L .iR", "L .i", "L printf \"%d\" .i R", "L (print 1) R", "L $x := 1 RL $x R", "L.iR", "L /* c */ R"} {
			left, right := delims[0], delims[1]
			if left == "" {
				left = "{{"
			}
			if right == "" {
				right = "}}"
			}
			text := strings.NewReplacer("L", left, "R", right).Replace(template)
			ask(question{Template: text, Sample: true, Delims: delims})
		}
	}
}

const odd = `
{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x }}{{ end }}{{ $x }}
{{ $y = 1 }}
{{ $y = 1 }}{{ $y }}
{{ if false }}{{ $y = 1 }}{{ end }}x
{{ or true ($x := 5) }}{{ $x }}
{{ or false ($x := 5) }}{{ $x }}
{{ $x := 1 }}{{ or true ($x := 5) }}{{ $x }}
{{ $x := 1 }}{{ or false ($x := 5) }}{{ $x }}
{{ $x := 1 }}{{ range ints 1 2 }}{{ or (eq . 2) ($x := 5) }}{{ $x }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ range ints 1 2 }}{{ or (eq . 2) ($x = 5) }}{{ $x }}{{ end }}{{ $x }}
{{ or 1 ($y = 2) }}{{ $y }}
{{ $x := $x }}
{{ $x := 1 }}{{ $x := print $x 2 }}{{ $x }}
{{ ($x := 3) }}{{ $x }}
{{ print ($x := 3) $x }}
{{ print $x ($x := 3) }}
{{ ($x := 3).y }}
{{ $x, $y := 3 }}
{{ range $i, $v = ints 1 2 }}{{ end }}
{{ range $i := ints 1 2 }}{{ $i }}{{ else }}{{ $i }}{{ end }}
{{ range $i, $v := dict "b" 1 "a" 2 }}{{ $i }}{{ $v }}{{ end }}
{{ range ints 1 2 3 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ end }}
{{ range ints 1 2 3 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ range ints 1 2 }}{{ with 5 }}{{ continue }}{{ end }}x{{ end }}{{ .i }}
{{ range ints 1 2 }}{{ with 5 }}{{ with 6 }}{{ break }}{{ end }}{{ end }}x{{ end }}{{ .i }}
{{ range ints 1 2 }}{{ range ints 3 4 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ range ints 1 }}{{ else }}{{ break }}{{ end }}
{{ range ints 1 }}{{ range ints }}{{ else }}{{ break }}{{ end }}x{{ end }}y
{{ range seq 3 }}{{ . }}{{ end }}|{{ range $v := seq 3 }}{{ $v }}{{ end }}|{{ range seq 0 }}x{{ else }}none{{ end }}
{{ range seq2 "a" "b" }}{{ . }}{{ end }}|{{ range $v := seq2 "a" "b" }}{{ $v }}{{ end }}|{{ range $k, $v := seq2 "a" "b" }}{{ $k }}{{ $v }}{{ end }}
{{ range 3 }}{{ . }}{{ end }}{{ range $i := 3 }}{{ $i }}{{ end }}
{{ range $i, $v := 3 }}{{ $i }}{{ end }}
{{ range int8 3 }}{{ printf "%T%v" . . }}{{ end }}{{ range uint 2 }}{{ printf "%T%v" . . }}{{ end }}
{{ range -3 }}x{{ else }}none{{ end }}
{{ range "abc" }}{{ . }}{{ end }}
{{ range 1.5 }}{{ end }}
{{ range func }}{{ end }}
{{ range pair "a" 1 }}{{ end }}
{{ if }}x{{ end }}
{{ with }}x{{ end }}
{{ range }}x{{ end }}
{{ template }}
{{ template "t" . . }}
{{ template .s }}
{{ template 5 }}
{{ define }}{{ end }}
{{ define "a" "b" }}{{ end }}
{{ define 5 }}{{ end }}
{{ define "t" }}
{{ define "t" }}{{ else }}{{ end }}
{{ define "t" }}1{{ end }}{{ define "t" }}2{{ end }}
{{ define "t" }}1{{ end }}{{ define "t" }}{{ end }}{{ template "t" }}
{{ define "t" }}{{ end }}{{ define "t" }}2{{ end }}{{ template "t" }}
{{ define "job.tpl" }}1{{ end }}2
{{ define "job.tpl" }}1{{ end }}
{{ block "b" }}x{{ end }}
{{ block "b" . }}{{ else }}{{ end }}
{{ block "b" . }}x
{{ block "b" . }}{{ block "c" . }}in{{ end }}{{ end }}{{ template "c" }}
{{ if true }}{{ block "b" .i }}{{ . }}{{ end }}{{ end }}
{{ range ints 1 2 }}{{ block "b" . }}{{ . }}{{ end }}{{ end }}
{{ range ints 1 2 }}{{ block "b" . }}{{ break }}{{ end }}{{ end }}
{{ if true }}{{ define "t" }}x{{ end }}{{ end }}
{{ else }}
{{ end }}
{{ if true }}a{{ else }}b{{ else }}c{{ end }}
{{ if true }}a{{ else with 1 }}b{{ end }}
{{ with true }}a{{ else if 1 }}b{{ end }}
{{ with "" }}a{{ else with "x" }}b{{ . }}{{ else }}c{{ end }}
{{ with "" }}a{{ else with "" }}b{{ else with 3 }}{{ . }}{{ else }}d{{ end }}
{{ range ints }}a{{ else if 1 }}b{{ end }}
{{ if 0 }}a{{ else if 0 }}b{{ else if 1 }}c{{ else }}d{{ end }}
{{ if 0 }}a{{ else if }}b{{ end }}
{{ if true }}
{{ if true }}a{{ end }}{{ end }}
{{ break }}
{{ continue }}
{{ range ints 1 }}{{ break 1 }}{{ end }}
{{ range ints 1 }}{{ continue x }}{{ end }}
{{ $m := dict "a" 1 }}{{ $n := $m }}{{ $_ := set $n "b" 2 }}{{ $m }}{{ $m.b }}{{ len $m }}
{{ $m := dict }}{{ range ints 1 2 3 }}{{ $_ := set $m (print .) . }}{{ end }}{{ $m }}{{ range $k, $v := $m }}{{ $k }}{{ $v }}{{ $_ := set $m "x" 1 }}{{ end }}{{ $m }}
{{ $_ := set . "added" 5 }}{{ .added }}{{ $.added }}{{ len . }}
{{ $_ := set .m "added" 5 }}{{ .m.added }}{{ .m.a }}{{ range $k, $v := .m }}{{ $k }}{{ end }}
{{ set nilmap "a" 1 }}
{{ set nil "a" 1 }}
{{ set .missing "a" 1 }}
{{ template "nope" . }}
{{ template "nope" (fail "x") }}
{{ define "r" }}{{ if . }}{{ . }}{{ template "r" (slice . 1) }}{{ end }}{{ end }}{{ template "r" "abc" }}
{{ define "a" }}{{ template "b" . }}{{ end }}{{ define "b" }}⏎{{ .s.x }}{{ end }}{{ template "a" . }}
x⏎  {{ .m.a.b }}
{{ if (eq .i 7) }}{{ else }}{{ end }}{{ with .m }}{{ .a }}{{ $.i }}{{ end }}
{{ print .i | print | print "x" }}
{{ 1 | print 2 | print 3 }}
{{ .i | .s }}
{{ "x" | .missing }}
{{ "x" | $ }}
{{ "x" | (print 1) }}
{{ (print) 1 }}
{{ .l 1 }}
{{ $x := 1 }}{{ $x 2 }}
{{ $x := 1 }}{{ 3 | $x }}
{{ "a" "b" }}
{{ true 1 }}
{{ nil }}
{{ nil 1 }}
{{ print nil }}
{{ nil.x }}
{{ (nil).x }}
{{ (nil) }}
{{ . 1 }}
{{ 1 | . }}
{{ print . | len }}
{{ (print 1 2) 3 }}
{{ (.m).b.c }}{{ ((.m)).b.c }}{{ (index .l 3) }}
{{ (((((.i))))) }}
{{ len.x }}
{{ nan.x }}
{{ print.x }}
{{ any 1 }}
{{ nilany.x }}
{{ (nilany).x }}
{{ print nilany.x }}
{{ takestr nilany }}
{{ (any .m).b }}{{ (any .m).b.c }}
`
