package main

func init() {
	const withJSON = `{{ $r := %s }}{{ $r }} {{ typeOf $r }} {{ toJson $r }}`
	families["math"] = family{calls: []calls{
		{names: "int int64 float64 toDecimal add1 add1f ceil floor", pools: []string{"number"}},
		{names: "add addf", pools: []string{"number*"}, most: 130},
		{names: "max min biggest maxf minf mul mulf subf divf", pools: []string{"number", "number*"}, most: 180},
		{names: "sub div mod", pools: []string{"number", "number"}, most: 180},
		{names: "round", pools: []string{"number", "count"}, most: 140},
		{names: "round", pools: []string{"number", "places", "roundOn*"}, most: 140},
		{names: "atoi", pools: []string{"text"}},
		{names: "atoi", pools: []string{"digits"}},
		{names: "int int64 float64 toDecimal", pools: []string{"digits"}},
		{names: "until", pools: []string{"count"}},
		{names: "untilStep", pools: []string{"small", "small", "small"}, most: 120},
		{names: "seq", pools: []string{"small*", "small*"}, most: 120},
	}, templates: []string{`
{{ randInt 5 6 }} {{ randInt -3 -2 }}
{{ randInt 5 5 }}
{{ randInt 6 5 }}
{{ randInt "a" 5 }}
{{ $x := randInt 0 10 }}{{ and (ge $x 0) (lt $x 10) }} {{ typeOf $x }}
{{ divf 1 3 }} {{ divf 2 3 }} {{ divf 1e16 3 }} {{ divf 1 1e-20 }} {{ divf 0 5 }} {{ divf -7 2 }} {{ mulf 1e200 1e200 }} {{ addf 1e308 1e308 }} {{ mulf 0.1 0.2 0.3 }} {{ subf 0.3 0.1 0.1 0.1 }}
{{ add 9223372036854775807 1 }} {{ mul 9223372036854775807 2 }} {{ sub -9223372036854775808 1 }} {{ div -9223372036854775808 -1 }} {{ mod -9223372036854775808 -1 }}
{{ divf 5 0 }}
{{ divf 5 "x" }}
{{ add1f "inf" }}
{{ round 1e300 5 }} {{ round 5.5 400 }} {{ round 0.5 0 }} {{ round -0.5 0 }} {{ round 123.456 -2 }} {{ round 1.45 1 0.5 0.9 }} {{ round 1.5 0 0 }} {{ round 1.5 0 1 }} {{ round 1.99 0 1.0 }}
{{ until 3 | len }} {{ until 100 | last }} {{ range until 3 }}{{ . }}{{ end }}
{{ add .i .f .s }} {{ .i | add 1 | mul 2 | sub 100 }} {{ add (list 1) (dict) }}
{{ divf 1 2 4 8 }} {{ divf 22 7 }} {{ divf 100 3.3 }} {{ divf 1e-10 3 }} {{ divf 123456789012345678 7 }} {{ mulf 1.1 1.1 1.1 1.1 }} {{ mulf 123456.789 987654.321 }} {{ addf 0.1 0.7 }} {{ subf 1 0.9 }}
`}}
	pools["small"] = lines("0\n1\n5\n-1\n-5\n2\n-2\n10\n3")
	pools["places"] = lines("2\n0\n1\n-1\n-2\n5\n20")
	pools["roundOn"] = lines("0.5\n0.4\n0.1\n0.9\n1\n0\n-0.5\n(float64 \"NaN\")")
	pools["digits"] = lines("\"0\"\n\"00\"\n\"-0\"\n\"07\"\n\"08\"\n\"0x\"\n\"0X1F\"\n\"-0x10\"\n\"1_0\"\n\"_1\"\n\"1__0\"\n\"1_\"\n\"0_7\"\n\"0x_1\"\n\"9223372036854775807\"\n\"-9223372036854775808\"\n\"9223372036854775808\"\n\"1e5\"\n\"1.0\"\n\"1.00\"\n\"1.10\"\n\".5\"\n\"5.\"\n\"-1.0\"\n\".0\"\n\"0.0\"\n\"1.0.0\"\n\"００\"\n\"+5\"\n\"--5\"\n\"1 \"\n\"nan\"\n\"NaN\"\n\"+Inf\"\n\"infinity\"\n\"-Infinity\"\n\"1e400\"\n\"-1e400\"\n\"1e-400\"\n\"0x1p4\"\n\"0x1.8p1\"\n\"0x1\"\n\"1p4\"\n\"0b1\"\n\"0B1\"\n\"0b2\"\n\"0o7\"\n\"0O7\"\n\"0o8\"\n\"777\"\n\"1.7976931348623159e308\"\n\"4.9e-324\"\n\"2.4703282292062328e-324\"\n\"123456789012345678901234567890\"\n\"1e\"\n\"1e+\"\n\"e5\"\n\"1_000.5\"\n\"0x1_0p0\"\n\"1_000e1_0\"")

	families["lists"] = family{calls: []calls{
		{names: "first last rest initial reverse uniq compact mustFirst mustLast mustRest mustInitial mustReverse mustUniq mustCompact", pools: []string{"list"}, show: withJSON},
		{names: "append push prepend mustAppend mustPush mustPrepend", pools: []string{"list", "any"}, show: withJSON, most: 80},
		{names: "has mustHas", pools: []string{"any", "list"}, most: 100},
		{names: "without mustWithout", pools: []string{"list", "any*"}, show: withJSON, most: 110},
		{names: "slice mustSlice", pools: []string{"list", "index*"}, show: withJSON, most: 100},
		{names: "chunk mustChunk", pools: []string{"width20", "list"}, show: withJSON, most: 80},
		{names: "concat", pools: []string{"list*"}, show: withJSON, most: 90},
		{names: "list tuple", pools: []string{"any*"}, most: 90},
		{names: "compact uniq reverse first", pools: []string{"any"}},
		{names: "toStrings sortAlpha", pools: []string{"any"}, show: withJSON},
	}, templates: []string{`
{{ $l := list 1 2 3 }}{{ $s := slice $l 0 2 }}{{ $t := append $s 9 }}{{ $l }} {{ $t }} {{ slice $s 0 3 }} {{ slice $s 2 3 }}
{{ $l := list 1 2 3 }}{{ $p := append $l 4 }}{{ $q := append $p 5 }}{{ $r := append $p 6 }}{{ $q }} {{ $r }}
{{ slice (until 10) 2 5 | len }} {{ slice (until 10) "2" "5" }} {{ slice (list 1 2 3) nil 2 }} {{ slice (list 1 2 3) 1.9 2.9 }}
{{ slice (append (list 1 2) 3) 0 4 }}
{{ chunk 0 (list 1 2) }}
{{ chunk 0 (list) }}
{{ chunk -1 (list 1 2) }}
{{ chunk -2 (list 1 2 3) }}
{{ uniq (list (list 1) (list 1) (list 2) (dict "a" (list)) (dict "a" (list))) }} {{ without (list (dict "a" 1) 1) (dict "a" 1) }} {{ has (list 1) (list (list 1)) }} {{ has (until 2) (list (list 0 1)) }}
{{ uniq (list (float64 "NaN") (float64 "NaN")) }} {{ has (rest (list)) (list (list)) }} {{ has (list) (list (list)) }}
{{ $l := list 1 2 }}{{ range $i, $e := reverse $l }}{{ $i }}{{ $e }}{{ end }} {{ index (initial $l) 0 }} {{ len (concat $l $l $l) }}
{{ concat (until 2) (splitList "," "a,b") (chunk 1 (list 1)) }} {{ typeOf (first (chunk 2 (list 1 2 3))) }}
{{ first (splitList "," "a,b") | upper }} {{ typeOf (first (until 2)) }} {{ typeOf (index (chunk 1 (list 1)) 0) }}
{{ append (list 1) }}
{{ list }} {{ tuple }} {{ list nil }} {{ list (list) nil (dict) }}
`}}
	pools["index"] = lines("1\n0\n2\n3\n4\n-1\n10\n\"1\"\nnil\n1.9\n(int64 2)\n\"x\"")

	families["dicts"] = family{calls: []calls{
		{names: "get hasKey unset", pools: []string{"dict", "key"}, most: 80},
		{names: "set", pools: []string{"dict", "key", "any"}, most: 100},
		{names: "pluck", pools: []string{"key", "dict*"}, show: withJSON, most: 80},
		{names: "keys", pools: []string{"dict*"}, show: `{{ $r := %s | sortAlpha }}{{ $r }} {{ typeOf $r }}`, most: 60},
		{names: "values", pools: []string{"dict"}, show: `{{ $r := %s | toStrings | sortAlpha }}{{ $r }}`},
		{names: "pick omit", pools: []string{"dict", "key*"}, show: withJSON, most: 90},
		{names: "dict", pools: []string{"any*", "any*"}, most: 150},
		{names: "merge mergeOverwrite mustMerge mustMergeOverwrite", pools: []string{"dict", "dict*"}, show: withJSON, most: 120},
		{names: "merge mergeOverwrite", pools: []string{"source", "source"}, show: withJSON, most: 250},
		{names: "merge mergeOverwrite", pools: []string{"source", "source*"}, show: withJSON, most: 120},
		{names: "dig", pools: []string{"key*", "key", "any", "dict"}, most: 150},
		{names: "deepCopy mustDeepCopy", pools: []string{"any"}, show: withJSON},
		{names: "deepCopy mustDeepCopy", pools: []string{"dict"}, show: withJSON},
		{names: "deepCopy", pools: []string{"list"}, show: withJSON},
		{names: "deepEqual", pools: []string{"any", "any"}, most: 300},
	}, templates: []string{`
{{ $d := dict "a" 1 }}{{ $_ := set $d "self" $d.a }}{{ $d }} {{ set (set $d "x" 1) "y" 2 | len }} {{ unset $d "a" }} {{ hasKey $d "a" }}
{{ $s := dict "m" (dict "k" 1) }}{{ $d := merge (dict) $s }}{{ $_ := set $d.m "k" 2 }}{{ $s }} {{ $d }}
{{ $s := dict "m" (dict "k" 1) }}{{ $d := merge (dict "m" (dict "z" 1)) $s }}{{ $_ := set $d.m "k" 2 }}{{ $s }} {{ $d }}
{{ $s := dict "m" (dict "k" (dict "q" 1)) }}{{ $d := merge (dict "m" (dict "z" 1)) $s }}{{ $_ := set $d.m.k "k" 2 }}{{ $s }} {{ $d }}
{{ $s := dict "m" (dict "k" (dict "q" 1)) }}{{ $d := mergeOverwrite (dict "m" (dict "z" 1)) $s }}{{ $_ := set $d.m.k "k" 2 }}{{ $s }} {{ $d }}
{{ $s := dict "l" (list (dict "a" 1)) }}{{ $d := deepCopy $s }}{{ $_ := set (first $d.l) "a" 2 }}{{ $s }} {{ $d }}
{{ $d := dict "a" 1 }}{{ $e := pick $d "a" }}{{ $_ := set $e "b" 1 }}{{ $d }} {{ $f := omit $d "z" }}{{ $_ := set $f "c" 1 }}{{ $d }}
{{ merge .m (dict "a" 2 "new" 1 "b" (dict "c" "other" "d" 5)) }} {{ .m }}
{{ mergeOverwrite .m (dict "a" 2 "new" 1 "b" (dict "c" "other" "d" 5)) }} {{ .m }}
{{ dig "a" "b" "c" "d" .m }} {{ dig "b" "c" "none" .m }} {{ dig "b" "zz" "none" .m }} {{ dig "k" 5 .m }}
{{ dig "b" "c" "e" "none" .m }}
{{ dig 5 "none" .m }}
{{ dig "a" "none" 5 }}
{{ dig "a" "none" nil }}
{{ dig }}
{{ dig "a" (dict "a" 1) }}
{{ get (dict "a" (list 1)) "a" | first }} {{ typeOf (get (dict) "a") }} {{ dict "a" }} {{ dict "a" 1 "a" 2 }} {{ dict nil 1 }} {{ dict 1.5 1 true 2 (list 1) 3 }}
{{ merge (dict) nil }} {{ merge nil (dict) }}
{{ merge nil (dict "a" 1) }}
{{ mergeOverwrite nil (dict "a" 1) }}
{{ mustMerge nil (dict "a" 1) }}
{{ set nil "a" 1 }}
{{ unset nil "a" }} {{ hasKey nil "a" }} {{ get nil "a" }} {{ keys nil }} {{ values nil }} {{ pick nil "a" }} {{ omit nil "a" }} {{ pluck "a" nil nil }}
{{ (dict "a b" 1) }} {{ index (dict "a b" 1) "a b" }} {{ range $k, $v := dict "z" 1 "y" 2 }}{{ $k }}{{ $v }}{{ end }}
{{ deepEqual (splitList "," "a") (splitList "," "a") }} {{ deepEqual (rest (list)) (list) }} {{ deepEqual (dict "a" (float64 "NaN")) (dict "a" (float64 "NaN")) }} {{ deepEqual nil .n }} {{ deepEqual .n .missing }}
{{ $d := dict "a" (dict "b" 1) }}{{ deepEqual $d $d }} {{ deepEqual $d (deepCopy $d) }} {{ deepEqual (toDate "2006" "2024") (toDate "2006" "2024") }} {{ deepEqual (semver "1.2.3") (semver "1.2.3") }}
{{ deepCopy (toDate "2006-01-02" "2024-02-03") }} {{ deepCopy (semver "1.2.3") }} {{ deepCopy (split "," "a,b") }} {{ deepCopy (list (until 2) nil "x") }}
`}}
	pools["source"] = lines(`
(dict "a" 1 "b" "x" "m" (dict "x" 1 "y" (list 1)))
(dict "a" 2 "c" nil "m" (dict "x" 2 "z" (dict "q" 1)))
(dict "a" 0 "b" "" "m" (dict))
(dict "a" nil "b" nil "m" nil)
(dict "a" (list 1 2) "b" (dict "k" 1) "m" 5)
(dict "a" (list) "b" false "m" (list 3))
(dict "a" (dict "k" nil) "b" (splitList "," "x") "m" (dict "x" nil "y" 0 "z" ""))
(dict "a" (until 2) "b" (split "," "x,y") "m" (dict "y" (list 2 3) "z" (dict "q" 2 "r" 3)))
(dict "a" (split "," "p,q") "b" true "m" (dict "z" 7))
(dict "a" 1.5 "b" (toDate "2006" "2024") "m" (dict "x" (dict "deep" (dict "er" 1))))
(dict "a" (semver "1.0.0") "b" (toDate "2006" "2025") "m" (dict "x" (dict "deep" (dict "er" 0 "f" 2))))
(dict)
nil`)

	families["flow"] = family{calls: []calls{
		{names: "default", pools: []string{"short", "any*"}, most: 100},
		{names: "empty typeOf kindOf", pools: []string{"any"}},
		{names: "empty", pools: []string{"list"}},
		{names: "coalesce all any", pools: []string{"any*", "any*"}, most: 100},
		{names: "ternary", pools: []string{"any", "any", "bool"}, most: 60},
		{names: "typeIs typeIsLike", pools: []string{"type", "any"}, most: 110},
		{names: "kindIs", pools: []string{"kind", "any"}, most: 90},
		{names: "required", pools: []string{"short", "any"}, most: 70},
		{names: "fail", pools: []string{"text"}},
	}, templates: []string{`
{{ default }}
{{ "" | default "x" }} {{ .missing | default "x" }} {{ default 5 0 }} {{ default nil nil }} {{ default (list) nil }} {{ default "a" "b" "c" }}
{{ ternary 1 2 }}
{{ true | ternary "yes" "no" }} {{ eq 1 1 | ternary "yes" "no" }} {{ ternary "a" "b" .t }}
{{ empty }}
{{ coalesce .missing .n .e .s }} {{ all }} {{ any }} {{ all .s .i .t }} {{ any .e .n }} {{ all .s .e }}
{{ typeOf . }} {{ kindOf . }} {{ typeOf .l }} {{ typeOf $ }} {{ typeIsLike "semver.Version" (semver "1") }} {{ typeIsLike "*semver.Version" (semver "1") }} {{ kindIs "ptr" (semver "1") }}
{{ required "need" .s }} {{ required "need" 0 }} {{ required "need" false }} {{ required "need" (list) }}
{{ required "need it" .missing.x }}
{{ required "a\nb" nil }}
{{ .missing | required "piped" }}
{{ fail (printf "%d problems" 3) }}
{{ if false }}{{ fail "never" }}{{ end }}fine
{{ typeOf (exec "true") }} {{ kindOf now }} {{ typeOf (genPrivateKey "nope") }}
{{ include "inc" .m }} {{ include "custom.tpl" .m }} {{ include "inc" nil }}|{{ include "lines" . | fromYaml | toJson }}
{{ include "nope" . }}
{{ include "bad" . }}
{{ include "loop" . }}
{{ include "inc" }}
{{ include 5 . }}
{{ include "inc" (dict "a" "<b>") | upper | quote }} {{ include "lines" . | nindent 2 }}
{{ tpl "{{ .a }}-{{ include \"inc\" . }}" .m }} {{ include "inc" .m }}
{{ tpl "" . }}|{{ tpl "plain" nil }}|{{ tpl "{{ .missing }}" . }}|{{ tpl "{{ . }}" 5 }}|{{ tpl "{{ $ }}" "x" }}
{{ tpl "{{ define \"q\" }}Q{{ . }}{{ end }}{{ template \"q\" 1 }}" . }}
{{ tpl "{{ tpl \"{{ .s }}\" . }}" . }} {{ tpl "a{{ tpl \"\" . }}b" . }} {{ tpl "a{{ tpl \"{{/* c */}}\" . }}b" . }}
{{ tpl "{{ tpl .s . }}" (dict "s" "{{ 1 }}") }}
{{ tpl "{{ .x.y }}" . }}
{{ tpl "{{" . }}
{{ tpl "{{ nope }}" . }}
{{ tpl "{{ fail \"inner\" }}" . }}
{{ tpl 5 . }}
{{ tpl "x" }}
{{ tpl "{{ template \"q\" }}" . }}
{{ tpl "line1\n{{ .s.t }}" . }}
{{ tpl "{{ define \"inc\" }}redefined{{ end }}{{ include \"inc\" . }}" . }}{{ include "inc" .m }}
{{ lookup "v1" "Pod" "ns" "name" }} {{ (lookup "v1" "Pod" "ns" "").items }} {{ lookup "v1" "Pod" "ns" "" | empty }}
{{ lookup "v1" "Pod" }}
{{ "<no value>" }}{{ .missing }}{{ print .missing }}
{{ env "HOME" }}
{{ expandenv "$HOME" }}
[{{ getHostByName "localhost" }}]
`}}
	pools["bool"] = lines("true\nfalse\nnil\n1\n.t\n(eq 1 2)\n\"true\"")
	pools["type"] = lines("\"int\"\n\"string\"\n\"[]interface {}\"\n\"map[string]interface {}\"\n\"*semver.Version\"\n\"semver.Version\"\n\"time.Time\"\n\"<nil>\"\n\"float64\"\n\"\"\n\"int64\"\n\"bool\"\n\"[]string\"")
	pools["kind"] = lines("\"int\"\n\"string\"\n\"slice\"\n\"map\"\n\"ptr\"\n\"struct\"\n\"invalid\"\n\"float64\"\n\"bool\"\n\"uint8\"\n\"\"")
}
