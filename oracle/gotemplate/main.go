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
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"
)

type request struct {
	Template string            `json:"template"`
	Encoded  string            `json:"template_base64"`
	Files    map[string]string `json:"files"`
	Data     json.RawMessage   `json:"data"`
	Mode     string            `json:"mode"`
	Name     string            `json:"name"`
	Numbers  string            `json:"numbers"`
	Delims   []string          `json:"delims"`
	Kinds    bool              `json:"kinds"`
	Sample   bool              `json:"sample"`
}

type answer struct {
	Output  *string `json:"output,omitempty"`
	Encoded string  `json:"output_base64,omitempty"`
	Error   string  `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	pair := len(os.Args) > 1 && os.Args[1] == "-pair"
	for {
		line, err := in.ReadBytes('\n')
		line = bytes.TrimSpace(line)
		if len(line) > 0 && pair {
			writePair(out, line)
		} else if len(line) > 0 {
			if err := encoder.Encode(run(line)); err != nil {
				panic(err)
			}
			if in.Buffered() == 0 {
				out.Flush()
			}
		}
		if err != nil {
			return
		}
	}
}

var address = regexp.MustCompile(`0xc000|(use|over) 0x|\\(0x[0-9a-f]{6,}\\)`)

func writePair(out *bufio.Writer, question []byte) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	first, second := run(question), run(question)
	if err := encoder.Encode(first); err != nil {
		panic(err)
	}
	same := first.Error == second.Error && first.Encoded == second.Encoded &&
		(first.Output == nil || *first.Output == *second.Output)
	mayPrintFunction := bytes.Contains(question, []byte("seq")) || bytes.Contains(question, []byte("func"))
	if !same || address.Match(text.Bytes()) || mayPrintFunction && bytes.Contains(text.Bytes(), []byte("0x")) {
		return
	}
	out.Write(bytes.TrimSuffix(question, []byte("}")))
	out.WriteString(",")
	out.Write(bytes.TrimPrefix(text.Bytes(), []byte("{")))
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
	if r.Sample {
		r.Kinds = true
		if len(r.Data) == 0 {
			r.Data = sample
		}
	}
	var data any
	if len(r.Data) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(r.Data))
		decoder.UseNumber()
		if err := decoder.Decode(&data); err != nil {
			return answer{Error: "request: " + err.Error()}
		}
		data = numbers(data, r.Numbers)
	}
	if r.Name == "" {
		r.Name = "job.tpl"
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
	switch r.Mode {
	case "helm", "zero":
		set.Option("missingkey=zero")
	case "strict":
		set.Option("missingkey=error")
	}
	if r.Kinds {
		set.Funcs(kinds)
	}
	if len(r.Delims) == 2 {
		set.Delims(r.Delims[0], r.Delims[1])
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

// numbers gives JSON numbers their Go types and lists no spare capacity.
func numbers(v any, integers string) any {
	switch v := v.(type) {
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") && integers != "float64" {
			if i, err := v.Int64(); err == nil {
				if integers == "int64" {
					return i
				}
				return int(i)
			}
		}
		f, err := v.Float64()
		if err != nil {
			panic(fmt.Sprint("number out of range: ", v))
		}
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i], integers)
		}
		return slices.Clip(v)
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k], integers)
		}
	}
	return v
}
