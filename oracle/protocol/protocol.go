// Package protocol is how all oracles for templates are asked: a JSON question a line in, a JSON answer a line out.
package protocol

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"
)

// Question is a template with all that it needs. What an oracle has no use for is ignored.
type Question struct {
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

// Answer is what a template wrote, and why it ended early.
type Answer struct {
	Output  *string `json:"output,omitempty"`
	Encoded string  `json:"output_base64,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// Oracle is what tells one oracle from another.
type Oracle struct {
	// Mode is that of a question without one.
	Mode string
	// Prepare completes a question; it may be nil.
	Prepare func(*Question)
	// Set is an empty set of templates with the options and functions of the question's mode.
	Set func(*Question) *template.Template
	// Repetitions says how often a golden case is asked to see that its answer is always the same.
	Repetitions int
	// Unsteady tells an answer that would not be the same in another process.
	Unsteady func(question, answer []byte) bool
}

// Serve answers standard input on standard output. With -pair as the first argument, a question and its answer are
// written together: a golden case. A case whose answer is not always the same is left out.
func (o Oracle) Serve() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	pair := len(os.Args) > 1 && os.Args[1] == "-pair"
	for {
		line, err := in.ReadBytes('\n')
		line = bytes.TrimSpace(line)
		if len(line) > 0 && pair {
			o.writePair(out, line)
		} else if len(line) > 0 {
			out.Write(encoded(o.answer(line)))
			// Each answer goes out whole: the next question may be the end of this process.
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func encoded(a Answer) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a); err != nil {
		panic(err)
	}
	return text.Bytes()
}

func (o Oracle) writePair(out *bufio.Writer, question []byte) {
	first := encoded(o.answer(question))
	for range o.Repetitions - 1 {
		if !bytes.Equal(first, encoded(o.answer(question))) {
			return
		}
	}
	if o.Unsteady(question, first) {
		return
	}
	out.Write(bytes.TrimSuffix(question, []byte("}")))
	out.WriteString(",")
	out.Write(bytes.TrimPrefix(first, []byte("{")))
}

func (o Oracle) answer(line []byte) Answer {
	q := Question{Mode: o.Mode, Name: "job.tpl"}
	if err := json.Unmarshal(line, &q); err != nil {
		return Answer{Error: "request: " + err.Error()}
	}
	if q.Encoded != "" {
		text, err := base64.StdEncoding.DecodeString(q.Encoded)
		if err != nil {
			return Answer{Error: "request: " + err.Error()}
		}
		q.Template = string(text)
	}
	if o.Prepare != nil {
		o.Prepare(&q)
	}
	var data any
	if len(q.Data) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(q.Data))
		decoder.UseNumber()
		if err := decoder.Decode(&data); err != nil {
			return Answer{Error: "request: " + err.Error()}
		}
		data = Numbers(data, q.Numbers)
	}
	var out bytes.Buffer
	err := o.render(&q, data, &out)
	text := out.String()
	if q.Mode == "helm" && err == nil {
		text = strings.ReplaceAll(text, "<no value>", "")
	}
	var a Answer
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

func (o Oracle) render(q *Question, data any, out *bytes.Buffer) error {
	set := o.Set(q)
	names := make([]string, 0, len(q.Files))
	for name := range q.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, err := set.New(name).Parse(q.Files[name]); err != nil {
			return err
		}
	}
	if _, err := set.New(q.Name).Parse(q.Template); err != nil {
		return err
	}
	return set.ExecuteTemplate(out, q.Name, data)
}
