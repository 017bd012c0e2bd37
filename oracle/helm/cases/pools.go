package main

import "strings"

// data is the dot of all questions.
const data = `{"n":null,"i":7,"f":2.5,"s":"text","e":"","t":true,"l":[3,1,2,1],"el":[],"m":{"a":1,"b":{"c":"deep"},"k":null},"em":{},"big":9007199254740993}`

// files stand beside templates that include some.
var files = map[string]string{
	"_h.tpl":     `{{ define "inc" }}<{{ .a }}>{{ end }}{{ define "lines" }}x: 1` + "\n" + `y:` + "\n" + `  - 2{{ end }}{{ define "loop" }}{{ include "loop" . }}{{ end }}{{ define "bad" }}{{ .s.x.y }}{{ end }}`,
	"custom.tpl": `custom {{ .a }} {{ .nothing }}`,
}

func lines(text string) []string {
	var values []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			values = append(values, line)
		}
	}
	return values
}

var pools = map[string][]string{
	"any": lines(`
7
"text"
nil
true
false
0
1
-3
3.7
-2.5
0.0
1e21
1e300
(float64 "NaN")
(float64 "inf")
""
"12"
"-3.9"
"0x1f"
"012"
"héé世😀"
"\xff"
"true"
(list)
(list 1 "a" nil 2.5)
(list 3 1 2 1)
(list (list 1) (dict "k" "v"))
(splitList "," "b,a,c")
(until 3)
(chunk 2 (until 3))
(rest (list))
(dict)
(dict "b" 1 "a" (list nil))
(split "," "x,y")
(int64 5)
(index "ab" 0)
(toDate "2006-01-02" "2024-02-29")
(semver "1.2.3-x+y")
.missing
.n
.m
.big
9223372036854775807
'x'`),
	"list": lines(`
(list 3 1 2 1)
(list "b" "a")
(list)
(list 1 "a" nil 2.5 true)
(list nil)
(list 1 1.0 (int64 1) "1" 1 1.0)
(list 0 "" false (list) (dict) "x")
(list (list 1 2) (list 1 2) (dict "a" 1) (dict "a" 1))
(splitList "," "b,a,c,a")
(splitList "," "")
(until 5)
(chunk 2 (until 5))
(rest (list))
(rest (list 1 2 3))
(concat)
.l
.el
(slice (list 1 2 3 4) 1 3)
(regexFindAll "z" "a" -1)
nil
.n
.missing
"text"
5
(dict "a" 1)
(index "ab" 0)
(list (float64 "NaN"))
(list "é" "z" "Z" "a10" "a9" "")`),
	"dict": lines(`
(dict "a" 1 "b" "x")
(dict)
(dict "a" nil "é" 2 "" 3)
(dict "m" (dict "k" "v" "l" (list 1)))
(dict "a" (list 1 2) "z" 0 "f" false)
.m
.em
nil
.n
.missing
(split "," "x,y")
(list 1)
"text"
7`),
	"key": lines(`
"a"
"b"
""
"é"
"missing"
"m"
nil
5
.s`),
	"text": lines(`
"hello World"
""
"a"
" \t lead and trail \n"
"foo_bar-baz qux"
"fooBarBAZ"
"HTTPServer2Go"
"héllo WÖRLD ß"
"世界 😀 emoji"
"\xff\xfeab\xc3"
"a\nb\n\nc"
"it's \"quoted\" \\ back"
"12 34.5"
"ǆ ǅ Ǆ ŉ ﬁ İ ı"
"a,b,,c"
"$$$"
"--x--y--"
"one  two   three"
"The quick brown fox jumped over the lazy dog"
"\u0085\u00a0\u2003x\u3000"
"ÀÉ éà ÿŸ"
"user_ID_2name v1.2.3"
.s
nil
5
.n
.missing`),
	"short": lines("\"a\"\n\"hello\"\n\"\"\n\"héé世\"\n\"\\xff\\xfe\"\n\"a b\"\n.s\nnil\n5"),
	"sep":   lines("\",\"\n\"\"\n\" \"\n\"ab\"\n\"é\"\n\"\\n\"\n\"$\"\n\"\\xff\"\nnil\n1"),
	"width": lines("5\n0\n1\n3\n-1\n-3\n10\n4\n7\n20\n100\n9223372036854775807\n-9223372036854775808\n\"3\"\nnil\n2.0\n2.5\n(int64 3)"),
	"count": lines("3\n0\n1\n2\n-1\n5\n\"3\"\nnil\n(int64 3)"),
	"number": lines(`
7
2.5
0
-3
-2.4
1
10
0.1
0.2
"12"
"-7.5"
"1e3"
"0x10"
"012"
"abc"
""
nil
true
false
1e21
-1e-7
9223372036854775807
-9223372036854775808
(float64 "NaN")
(float64 "-inf")
(int64 42)
(index "ab" 0)
"1_000"
"9.0"
" 5"
123456789.123
(list 1)
(dict)
.n
.missing
"9223372036854775808"
"1.0e5"
"+3"
"0b101"
"0o17"
"inf"
5e-324
1.7976931348623157e308`),
	"layout": lines(`
"2006-01-02"
"2006-01-02T15:04:05Z07:00"
"Mon Jan _2 15:04:05 2006"
"Monday, 02-Jan-06 15:04:05 MST"
"3:04PM"
"15:04:05.000"
"15:04:05.999999999"
"02/01/2006 03:04:05 pm"
"2006-002"
"January 2, 2006 at 3:04pm (MST)"
"Jan 2 06 __2 002"
"-0700 -07:00 -07 -070000 -07:00:00"
"Z0700 Z07:00 Z07 Z070000 Z07:00:00"
"05,000 05.00"
""
"literal text é"
"20060102150405"
"Mon Monday Jan January 1 01 2 02 _2"
"2006-01-02 15:04:05.999 -0700 MST"
"4 5 04 05 3 03 15 PM pm"`),
	"time": lines(`
(toDate "2006-01-02" "2024-02-29")
(toDate "2006-01-02T15:04:05Z07:00" "2026-03-04T05:06:07.25+02:00")
(toDate "2006-01-02 15:04:05 MST" "1999-12-31 23:59:59 EST")
(toDate "2006" "bad")
(toDate "2006-01-02 15:04:05.999999999" "0001-01-01 00:00:00.000000001")
(toDate "2006-01-02T15:04:05Z07:00" "9999-12-31T23:59:59Z")
1700000000
0
-1
(int64 86399)
253402300800
-62135596801
68719476735`),
	"zone": lines("\"UTC\"\n\"America/New_York\"\n\"Asia/Kolkata\"\n\"Europe/Berlin\"\n\"\"\n\"Local\"\n\"Nowhere/Bad\"\n\"Australia/Lord_Howe\"\n\"EST5EDT\"\n\"Asia/Kathmandu\""),
	"duration": lines(`
"1h30m"
"-1.5h"
"0"
"100ms"
"1h1m1s1ms1us1ns"
"2 days"
""
"-"
"1"
"+5s"
".5s"
"1.s"
"300000h"
"9223372036854775807ns"
"9223372036854775808ns"
"1µs"
"1d"
"1h-1m"
"2540400h10m10s"`),
}
