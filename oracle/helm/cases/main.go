// Command cases writes questions for the oracle: every function of one family with ordinary arguments and with edge
// values, and templates written by hand.
//
//	go run ./cases strings | go run . -pair > ../../crates/helm-template/tests/golden/strings.jsonl
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// calls says which functions to call with values from which pools. A pool with a star may give no, one or two values.
type calls struct {
	names string
	pools []string
	// show is put around the call, with %s for it; empty prints the result and its type.
	show string
	// most is how many calls are asked for of each name; 0 means 60.
	most int
}

type family struct {
	calls     []calls
	templates []string
	// modes to ask each template in; empty means Helm's.
	modes []string
	// make makes more templates, once all families are known.
	make func() []string
}

var families = map[string]family{}

func main() {
	name := os.Args[1]
	chosen, known := families[name]
	if !known {
		names := make([]string, 0, len(families))
		for name := range families {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintln(os.Stderr, "families:", strings.Join(names, " "))
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := strings.Split(strings.TrimSpace(strings.Join(chosen.templates, "\n")), "\n")
	if chosen.make != nil {
		lines = append(lines, chosen.make()...)
	}
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if len(chosen.modes) == 0 {
			ask(out, line, "", "")
		}
		for _, mode := range chosen.modes {
			for _, numbers := range []string{"int", "int64", "float64"} {
				ask(out, line, mode, numbers)
			}
		}
	}
	for _, c := range chosen.calls {
		for _, name := range strings.Fields(c.names) {
			for _, call := range product(name, c) {
				show := c.show
				if show == "" {
					show = `{{ $r := %s }}{{ $r }} {{ typeOf $r }}`
				}
				ask(out, fmt.Sprintf(show, call), "", "")
			}
		}
	}
}

// usesDot finds templates that read data.
var usesDot = regexp.MustCompile(`[ (]\.[ a-z)]`)

func ask(out *bufio.Writer, template, mode, numbers string) {
	question := map[string]any{}
	if mode != "" {
		question["mode"], question["numbers"] = mode, numbers
	}
	if usesDot.MatchString(template) {
		question["data"] = json.RawMessage(data)
	}
	if utf8.ValidString(template) {
		question["template"] = template
	} else {
		question["template_base64"] = base64.StdEncoding.EncodeToString([]byte(template))
	}
	if strings.Contains(template, `include "`) || strings.Contains(template, `template "`) {
		question["files"] = files
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(question); err != nil {
		panic(err)
	}
}

// product gives calls with arguments from the pools: all of them if they are few enough, else each value of each pool
// beside the first values of the others, and then some by chance.
func product(name string, c calls) []string {
	most := c.most
	if most == 0 {
		most = 60
	}
	choices := make([][]string, len(c.pools))
	total := 1
	for i, pool := range c.pools {
		values := pools[strings.TrimSuffix(pool, "*")]
		if len(values) == 0 {
			panic("no pool " + pool)
		}
		if strings.HasSuffix(pool, "*") {
			several := []string{""}
			for j, value := range values {
				several = append(several, value, value+" "+values[(j*7+3)%len(values)])
			}
			values = several
		}
		choices[i] = values
		total *= len(values)
	}
	var result []string
	seen := map[string]bool{}
	add := func(arguments []string) {
		call := strings.Join(slices.DeleteFunc(append([]string{name}, arguments...), func(s string) bool { return s == "" }), " ")
		if !seen[call] {
			seen[call] = true
			result = append(result, call)
		}
	}
	if total <= most {
		arguments := make([]string, len(choices))
		var fill func(int)
		fill = func(at int) {
			if at == len(choices) {
				add(arguments)
				return
			}
			for _, value := range choices[at] {
				arguments[at] = value
				fill(at + 1)
			}
		}
		fill(0)
		return result
	}
	sum := fnv.New64a()
	sum.Write([]byte(name))
	chance := rand.New(rand.NewPCG(sum.Sum64(), 1))
	first := make([]string, len(choices))
	for i := range choices {
		for _, value := range choices[i] {
			for j := range choices {
				first[j] = choices[j][0]
				if j != i && len(choices[j]) > 1 && chance.IntN(2) == 0 {
					first[j] = choices[j][1]
				}
			}
			first[i] = value
			add(first)
		}
	}
	for tries := 0; len(result) < most && tries < 10*most; tries++ {
		for i := range choices {
			first[i] = choices[i][chance.IntN(len(choices[i]))]
		}
		add(first)
	}
	return result
}
