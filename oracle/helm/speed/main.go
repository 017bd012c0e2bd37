// Command speed is Go's side of `cargo xtask bench templates`: text/template with Sprig's and Helm's functions.
//
// It reads one JSON object a line and answers each with one. A row makes ready for work that is done once and shown:
//
//	{"row": {"action": "render", "files": {"a.tpl": "…"}, "name": "a.tpl", "data": …}}
//	{"output": "…"}
//
// A count of times does that work so often, and tells what all of it took and allocated:
//
//	{"times": 100}
//	{"nanoseconds": 12345, "allocations": 4200}
//
// The actions: render runs a template that is there; parse parses the files, with functions that are bound; start binds
// the functions, parses the files and runs the template.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/template"
	"time"

	"launchway.invalid/oracle/helm/engine"
	"launchway.invalid/oracle/protocol"
)

type request struct {
	Row   *row `json:"row"`
	Times int  `json:"times"`
}

type row struct {
	Action string            `json:"action"`
	Files  map[string]string `json:"files"`
	Name   string            `json:"name"`
	Data   any               `json:"data"`
}

type answer struct {
	Output      string `json:"output,omitempty"`
	Error       string `json:"error,omitempty"`
	Nanoseconds int64  `json:"nanoseconds,omitempty"`
	Allocations uint64 `json:"allocations,omitempty"`
}

// work gives the text that it made, if any.
type work func() (string, error)

func main() {
	time.Local = time.UTC
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	var current work
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := out.Encode(reply(line, &current)); err != nil {
			fmt.Fprintln(os.Stderr, "speed:", err)
			os.Exit(1)
		}
	}
}

func reply(line []byte, current *work) answer {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var r request
	if err := decoder.Decode(&r); err != nil {
		return answer{Error: "request: " + err.Error()}
	}
	if r.Row == nil {
		return repeat(*current, r.Times)
	}
	r.Row.Data = protocol.Numbers(r.Row.Data, "int")
	var err error
	if *current, err = r.Row.work(); err != nil {
		return answer{Error: err.Error()}
	}
	text, err := (*current)()
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: text}
}

func repeat(work work, times int) answer {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range times {
		if _, err := work(); err != nil {
			return answer{Error: err.Error()}
		}
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return answer{Nanoseconds: took.Nanoseconds(), Allocations: after.Mallocs - before.Mallocs}
}

func (r *row) work() (work, error) {
	var out bytes.Buffer
	render := func(set *template.Template) (string, error) {
		out.Reset()
		if err := set.ExecuteTemplate(&out, r.Name, r.Data); err != nil {
			return "", err
		}
		return strings.ReplaceAll(out.String(), "<no value>", ""), nil
	}
	if r.Action == "start" {
		return func() (string, error) {
			set, err := r.parse(bound())
			if err != nil {
				return "", err
			}
			return render(set)
		}, nil
	}
	set, err := r.parse(bound())
	if err != nil {
		return nil, err
	}
	if r.Action == "parse" {
		return func() (string, error) {
			_, err := r.parse(set)
			return "", err
		}, nil
	}
	return func() (string, error) { return render(set) }, nil
}

// bound gives an empty set with all functions, as Helm makes it.
func bound() *template.Template {
	set := template.New("gotpl").Option("missingkey=zero")
	return set.Funcs(engine.Functions("helm", set, "missingkey=zero"))
}

func (r *row) parse(set *template.Template) (*template.Template, error) {
	for _, name := range slices.Sorted(maps.Keys(r.Files)) {
		if _, err := set.New(name).Parse(r.Files[name]); err != nil {
			return nil, err
		}
	}
	return set, nil
}
