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
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"launchway.invalid/oracle/helm/engine"
)

type request struct {
	Template string            `json:"template"`
	Encoded  string            `json:"template_base64"`
	Files    map[string]string `json:"files"`
	Data     json.RawMessage   `json:"data"`
	Mode     string            `json:"mode"`
	Name     string            `json:"name"`
	Numbers  string            `json:"numbers"`
}

type answer struct {
	Output  *string `json:"output,omitempty"`
	Encoded string  `json:"output_base64,omitempty"`
	Error   string  `json:"error,omitempty"`
}

func main() {
	time.Local = time.UTC
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	pair := len(os.Args) > 1 && os.Args[1] == "-pair"
	for {
		line, err := in.ReadBytes('\n')
		line = bytes.TrimSpace(line)
		if len(line) > 0 && pair {
			writePair(out, line)
		} else if len(line) > 0 {
			out.Write(encoded(run(line)))
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func encoded(a answer) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a); err != nil {
		panic(err)
	}
	return text.Bytes()
}

var address = regexp.MustCompile(`0xc0[0-9a-f]{8}`)

func writePair(out *bufio.Writer, question []byte) {
	first := encoded(run(question))
	for range 4 {
		if !bytes.Equal(first, encoded(run(question))) {
			return
		}
	}
	if address.Match(first) {
		return
	}
	out.Write(bytes.TrimSuffix(question, []byte("}")))
	out.WriteString(",")
	out.Write(bytes.TrimPrefix(first, []byte("{")))
}

func run(line []byte) answer {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return answer{Error: "request: " + err.Error()}
	}
	if r.Encoded != "" {
		text, err := base64.StdEncoding.DecodeString(r.Encoded)
		if err != nil {
			return answer{Error: "request: " + err.Error()}
		}
		r.Template = string(text)
	}
	var data any
	if len(r.Data) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(r.Data))
		decoder.UseNumber()
		if err := decoder.Decode(&data); err != nil {
			return answer{Error: "request: " + err.Error()}
		}
		data = engine.Numbers(data, r.Numbers)
	}
	if r.Name == "" {
		r.Name = "job.tpl"
	}
	if r.Mode == "" {
		r.Mode = "helm"
	}
	var out bytes.Buffer
	err := render(&r, data, &out)
	text := out.String()
	if r.Mode == "helm" && err == nil {
		text = strings.ReplaceAll(text, "<no value>", "")
	}
	var a answer
	if err != nil {
		a.Error = err.Error()
	}
	if utf8.ValidString(text) {
		a.Output = &text
	} else {
		a.Encoded = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return a
}

func render(r *request, data any, out *bytes.Buffer) error {
	set := template.New("gotpl")
	option := "missingkey=default"
	switch r.Mode {
	case "helm":
		option = "missingkey=zero"
	case "strict", "barestrict":
		option = "missingkey=error"
	}
	set.Option(option)
	set.Funcs(engine.Functions(r.Mode, set, option))
	if r.Mode == "helm" || r.Mode == "go" || r.Mode == "strict" {
		set.Funcs(template.FuncMap{"exec": runProgram, "groups": groups})
	}
	names := make([]string, 0, len(r.Files))
	for name := range r.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, err := set.New(name).Parse(r.Files[name]); err != nil {
			return err
		}
	}
	if _, err := set.New(r.Name).Parse(r.Template); err != nil {
		return err
	}
	return set.ExecuteTemplate(out, r.Name, data)
}
