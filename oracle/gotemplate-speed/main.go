// Command gotemplate-speed times Go's text/template for `cargo run --release --example speed` to compare with.
//
// It reads one JSON object from standard input, {"data": …, "templates": {"name": "text"}}, and writes for each
// template one line: {"name": "…", "nanoseconds": 1234.5, "output": "…"}. Each is parsed once and run for a second.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/template"
	"time"
)

func main() {
	var request struct {
		Data      any               `json:"data"`
		Templates map[string]string `json:"templates"`
	}
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		fmt.Fprintln(os.Stderr, "gotemplate-speed: reading the request:", err)
		os.Exit(1)
	}
	data := numbers(request.Data)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, name := range slices.Sorted(maps.Keys(request.Templates)) {
		set := template.Must(template.New(name).Parse(request.Templates[name]))
		var out bytes.Buffer
		best := time.Duration(1 << 62)
		for begun := time.Now(); time.Since(begun) < time.Second; {
			out.Reset()
			start := time.Now()
			if err := set.Execute(&out, data); err != nil {
				fmt.Fprintln(os.Stderr, "gotemplate-speed:", err)
				os.Exit(1)
			}
			best = min(best, time.Since(start))
		}
		if err := encoder.Encode(map[string]any{"name": name, "nanoseconds": best.Nanoseconds(), "output": out.String()}); err != nil {
			panic(err)
		}
	}
}

// numbers gives JSON numbers their Go types: int, or float64 with a point or exponent.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil && !strings.ContainsAny(v.String(), ".eE") {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}
