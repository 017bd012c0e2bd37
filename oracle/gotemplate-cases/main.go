// Command gotemplate-cases prints the questions of one family of golden cases, one JSON object a line, for
// `gotemplate -pair` to answer.
//
//	go run ./gotemplate-cases FAMILY | go run ./gotemplate -pair > ../crates/go-text-template/tests/cases/FAMILY.jsonl
//
// The families are printf, literals, calls, fields, builtins, statements, syntax and mixed.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"unicode/utf8"
)

type question struct {
	Template string            `json:"template"`
	Encoded  string            `json:"template_base64,omitempty"`
	Files    map[string]string `json:"files,omitempty"`
	Data     json.RawMessage   `json:"data,omitempty"`
	Mode     string            `json:"mode,omitempty"`
	Name     string            `json:"name,omitempty"`
	Numbers  string            `json:"numbers,omitempty"`
	Delims   []string          `json:"delims,omitempty"`
	Sample   bool              `json:"sample,omitempty"`
}

var (
	random = rand.New(rand.NewPCG(1, 2))
	out    = bufio.NewWriter(os.Stdout)
)

func ask(q question) {
	if !utf8.ValidString(q.Template) {
		q.Encoded = base64.StdEncoding.EncodeToString([]byte(q.Template))
		q.Template = ""
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(q); err != nil {
		panic(err)
	}
}

func kind(template string) { ask(question{Template: template, Sample: true}) }

func pick[T any](from []T) T { return from[random.IntN(len(from))] }

func main() {
	defer out.Flush()
	families := map[string]func(){
		"printf": printf, "literals": literals, "calls": calls, "fields": fields, "builtins": builtins,
		"statements": statements, "syntax": syntax, "mixed": mixed,
	}
	if len(os.Args) != 2 || families[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: gotemplate-cases FAMILY")
		os.Exit(2)
	}
	families[os.Args[1]]()
}

// values are expressions of every kind; none prints an address.
var values = strings.Split(strings.TrimSpace(`
0
1
-7
42
9223372036854775807
(int8 -128)
(int16 300)
(int32 65)
(int64 -9000000000)
(uint 7)
(uint8 255)
(uint16 8364)
(uint32 128512)
(uint64 -1)
(uintptr 4096)
0.0
1.0
-2.5
3.14159265358979
1e6
123456789.0
1e21
1e-7
1e300
5e-324
0.1
(float32 0.1)
(float32 16777216.0)
(float32 1e-40)
(inf 1)
(inf -1)
nan
1i
-2.5i
(complex64 3i)
true
false
""
"a"
"héllo wörld"
"quo\"te\n\t\x00"
"\xff\xfe bad"
"back`+"\\x60"+`quote"
"日本語テキスト"
"0123456789abcdef"
nil
nilany
nilmap
nillist
nilerror
(bytes "hi\x00\xff")
(bytes "")
(list)
(list 1 "a" nil 2.5 true)
(list (list 1 (list 2)) (dict "k" "v"))
(list nilmap nillist (dict))
(strings "a" "b c" "")
(ints 1 -2 3)
(floats 1.5 1e6)
(lists (list 1) (list "x"))
(dict "b" 1 "a" nil "c" (dict "x" (list 1)))
(stringmap "k" "v" "a" "b")
(intmap "n" 5)
(pair "nm" 3)
(pair "nm" nil)
(pair "p" (titled "in"))
(pairptr "nm" "v")
(titled "T")
(failed "nm" "why")
(error "went wrong")
(duration 5000000000)
(list (titled "x") (error "y") (duration 1000000000))
(dict "t" (titled "x") "b" (bytes "ab"))
(list (bytes "ab") (uint8 3))
`), "\n")
