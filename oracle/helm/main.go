// Command helm answers template cases as Helm does: Go's text/template with Sprig, Helm's own functions and the
// launcher's exec and groups.
//
// It reads one JSON object a line from standard input and writes one answer a line:
//
//	{"template": "…", "files": {"a.tpl": "…"}, "data": …, "mode": "helm", "name": "job.tpl", "numbers": "int"}
//	{"output": "…"} or {"error": "…", "output": "what was written before"}
//
// mode says which functions there are and what a missing key gives:
//
//	bare        none; no value
//	barestrict  none; an error
//	sprig       Sprig's; no value
//	go          all; no value
//	strict      all; an error
//	helm        all; zero, and "<no value>" removed from the output (default)
//
// name defaults to job.tpl; numbers says what JSON numbers without point and exponent become: int (default), int64 or
// float64. Text that is no UTF-8 comes and goes in base64 as template_base64 and output_base64.
//
// With -pair, the question and its answer are written together: a golden case. A case is left out when its answer is
// not the same three times over, for then it depends on chance, on the clock or on the order of a map.
//
//	go run . < questions.jsonl
package main

import (
	"regexp"
	"text/template"
	"time"

	"launchway.invalid/oracle/helm/engine"
	"launchway.invalid/oracle/protocol"
)

var address = regexp.MustCompile(`0xc0[0-9a-f]{8}`)

func main() {
	time.Local = time.UTC
	protocol.Oracle{
		Mode:        "helm",
		Set:         empty,
		Repetitions: 5,
		Unsteady:    func(_, answer []byte) bool { return address.Match(answer) },
	}.Serve()
}

func empty(q *protocol.Question) *template.Template {
	set := template.New("gotpl")
	option := "missingkey=default"
	switch q.Mode {
	case "helm":
		option = "missingkey=zero"
	case "strict", "barestrict":
		option = "missingkey=error"
	}
	set.Option(option)
	set.Funcs(engine.Functions(q.Mode, set, option))
	if q.Mode == "helm" || q.Mode == "go" || q.Mode == "strict" {
		set.Funcs(template.FuncMap{"exec": runProgram, "groups": groups})
	}
	return set
}
