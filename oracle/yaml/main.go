// Command yaml answers, line by line, what Go's YAML libraries make of a value or a document, as Helm calls them.
//
// A question is a line of JSON: {"op": "toYaml", "value": VALUE} or {"op": "fromYaml", "text": STRING}. STRING is
// a JSON string or {"base64": …} for what is no UTF-8. VALUE is null, true, false, a STRING, [VALUE…],
// {"int": "1"}, {"uint": "1"}, {"float": "1.5"}, {"float32": "1.5"} or {"map": [[STRING, VALUE]…]}.
// The answer is {"out": …}, a JSON text {"json": …}, or {"error": …}. With "times": N the question is put N times,
// twenty times over, and the answer is {"nanoseconds": …} for one time in the fastest of the twenty.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

type question struct {
	Op    string `json:"op"`
	Value any    `json:"value"`
	Text  any    `json:"text"`
	Times int64  `json:"times"`
}

type answer struct {
	Out   *string `json:"out,omitempty"`
	JSON  *string `json:"json,omitempty"`
	Error *string `json:"error,omitempty"`

	Nanoseconds int64 `json:"nanoseconds,omitempty"`
}

func text(v any) string {
	if m, ok := v.(map[string]any); ok {
		b, err := base64.StdEncoding.DecodeString(m["base64"].(string))
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	return v.(string)
}

func number[T any](n T, err error) T {
	if err != nil {
		panic(err)
	}
	return n
}

func value(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = value(v[i])
		}
		return list
	case map[string]any:
		if n, ok := v["int"]; ok {
			return int(number(strconv.ParseInt(n.(string), 10, 64)))
		}
		if n, ok := v["uint"]; ok {
			return number(strconv.ParseUint(n.(string), 10, 64))
		}
		if n, ok := v["float"]; ok {
			return number(strconv.ParseFloat(n.(string), 64))
		}
		if n, ok := v["float32"]; ok {
			return float32(number(strconv.ParseFloat(n.(string), 32)))
		}
		if entries, ok := v["map"]; ok {
			m := map[string]any{}
			for _, entry := range entries.([]any) {
				pair := entry.([]any)
				m[text(pair[0])] = value(pair[1])
			}
			return m
		}
		return text(v)
	default:
		return v
	}
}

func asJSON(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

func ask(q question) (out, json_ string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	switch q.Op {
	case "toYaml":
		b, err := yaml.Marshal(value(q.Value))
		return string(b), "", err
	case "toYamlPretty":
		var b bytes.Buffer
		encoder := goyaml.NewEncoder(&b)
		encoder.SetIndent(2)
		err := encoder.Encode(value(q.Value))
		return b.String(), "", err
	case "fromYaml":
		m := map[string]any{}
		err := yaml.Unmarshal([]byte(text(q.Text)), &m)
		return "", asJSON(m), err
	case "fromYamlArray":
		a := []any{}
		err := yaml.Unmarshal([]byte(text(q.Text)), &a)
		return "", asJSON(a), err
	case "toJson":
		b, err := yaml.YAMLToJSON([]byte(text(q.Text)))
		return "", string(b), err
	case "toJsonStrict":
		b, err := yaml.YAMLToJSONStrict([]byte(text(q.Text)))
		return "", string(b), err
	}
	panic("unknown op " + q.Op)
}

// clock measures how long a question of writing or reading takes, without making its input or showing its output.
func clock(q question) int64 {
	var once func() error
	switch q.Op {
	case "toYaml":
		v := value(q.Value)
		once = func() error { _, err := yaml.Marshal(v); return err }
	case "toYamlPretty":
		v := value(q.Value)
		once = func() error {
			var b bytes.Buffer
			encoder := goyaml.NewEncoder(&b)
			encoder.SetIndent(2)
			return encoder.Encode(v)
		}
	case "fromYaml":
		t := []byte(text(q.Text))
		once = func() error { m := map[string]any{}; return yaml.Unmarshal(t, &m) }
	default:
		panic("no clock for " + q.Op)
	}
	best := int64(math.MaxInt64)
	for range 20 {
		start := time.Now()
		for range q.Times {
			if err := once(); err != nil {
				panic(err)
			}
		}
		best = min(best, time.Since(start).Nanoseconds()/q.Times)
	}
	return best
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		var a answer
		if q.Times > 0 {
			a.Nanoseconds = clock(q)
			fmt.Fprintln(out, asJSON(a))
			out.Flush()
			continue
		}
		text, json_, err := ask(q)
		switch {
		case err != nil:
			message := err.Error()
			a.Error = &message
		case json_ != "":
			a.JSON = &json_
		default:
			a.Out = &text
		}
		fmt.Fprintln(out, asJSON(a))
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}
