// Command gotemplate answers template cases with Go's own text/template.
//
// It reads one JSON object a line from standard input and writes one answer a line:
//
//	{"template": "…", "files": {"a.tpl": "…"}, "data": …, "mode": "go", "name": "job.tpl", "numbers": "int"}
//	{"output": "…"} or {"error": "…", "output": "what was written before"}
//
// mode is go (default), zero, helm (zero, and "<no value>" removed), or strict; name defaults to job.tpl; numbers says
// what JSON numbers without point and exponent become: int (default), int64 or float64. delims may hold two strings.
// kinds adds functions that make values of every kind, and sample some data as well. Bytes that are no UTF-8 come back as output_base64.
//
// With -pair, the question and its answer are written together: a golden case. A case whose answer names an address
// of memory is left out, for it would not be the same twice.
//
//	go run ./gotemplate < questions.jsonl
package main

import (
	"bytes"
	"regexp"
	"text/template"

	"launchway.invalid/oracle/protocol"
)

var address = regexp.MustCompile(`0xc000|(use|over) 0x|\\(0x[0-9a-f]{6,}\\)`)

func main() {
	protocol.Oracle{Prepare: prepare, Set: empty, Repetitions: 2, Unsteady: unsteady}.Serve()
}

func prepare(q *protocol.Question) {
	if q.Sample {
		q.Kinds = true
		if len(q.Data) == 0 {
			q.Data = sample
		}
	}
}

func empty(q *protocol.Question) *template.Template {
	set := template.New("gotpl")
	switch q.Mode {
	case "helm", "zero":
		set.Option("missingkey=zero")
	case "strict":
		set.Option("missingkey=error")
	}
	if q.Kinds {
		set.Funcs(kinds)
	}
	if len(q.Delims) == 2 {
		set.Delims(q.Delims[0], q.Delims[1])
	}
	return set
}

func unsteady(question, answer []byte) bool {
	mayPrintFunction := bytes.Contains(question, []byte("seq")) || bytes.Contains(question, []byte("func"))
	return address.Match(answer) || mayPrintFunction && bytes.Contains(answer, []byte("0x"))
}
