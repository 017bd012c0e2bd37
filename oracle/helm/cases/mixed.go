package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

func init() {
	families["modes"] = family{modes: []string{"helm", "go", "strict", "sprig", "bare", "barestrict"}, templates: []string{`
{{ .missing }}|{{ .n }}|{{ .m.missing }}|{{ .em.x }}
{{ .n }}|{{ .m.k }}|{{ index .m "missing" }}|{{ index . "n" }}
{{ .missing.x }}
{{ .n.x }}
{{ .s.x }}
{{ (.missing).x }}
{{ $x := .n }}{{ $x.y }}
{{ upper .missing }}
{{ upper .n }}
{{ hasKey .missing "a" }}
{{ hasKey .n "a" }}
{{ set .missing "a" 1 }}
{{ .missing | default "d" }}
{{ .n | default "d" }}
{{ .missing | quote }}|{{ .n | toString }}
{{ if .missing }}T{{ else }}F{{ end }}{{ with .n }}T{{ else }}F{{ end }}
{{ range .missing }}x{{ else }}none{{ end }}
{{ range .n }}x{{ else }}none{{ end }}
{{ print .missing }} {{ printf "%v" .n }}
{{ "<no value>" }}
{{ tpl "{{ .missing }}" . }}
{{ tpl "{{ .s }} {{ .n }}" . }}
{{ tpl "{{ upper .missing }}" . }}
{{ tpl "{{ .missing.x }}" . }}
{{ include "custom.tpl" .m }}
{{ include "custom.tpl" .missing }}
{{ include "bad" . }}
{{ template "inc" .m }} {{ block "b" . }}{{ .s }}{{ end }}
{{ required "need" .missing }}
{{ required "need" .n }}
{{ fail "no" }}
{{ toJson .m }}
{{ fromJson "[1]" }}
{{ fromJson "{" }}
{{ mustFromJson "[1,{\"a\":2}]" }}
{{ toYaml .l }}
{{ env "NO_SUCH_VARIABLE" }}
{{ expandenv "$NO_SUCH_VARIABLE x $$ ${NO_SUCH_VARIABLE}" }}
{{ len .missing }}
{{ len .l }} {{ index .l 1 }} {{ slice .l 1 2 }}
{{ slice .s 1 2 }}
{{ eq .i 7 }} {{ eq .f 2.5 }} {{ lt .i 8 }} {{ and .s .n }} {{ or .e .s }} {{ not .t }}
{{ html "<" }} {{ js "'" }} {{ urlquery "a b" }} {{ println 1 }}
{{ .i }} {{ .big }} {{ .l }} {{ .m }} {{ . | len }}
{{ typeOf .i }} {{ kindOf .l }} {{ add .i 1 }} {{ has 1 .l }}
{{ until .i }}
{{ date "2006" .i }}
{{ lookup "v1" "Pod" "" "" }}
{{ $.s }} {{ $x := 1 }}{{ $x = 2 }}{{ $x }}
{{ nope }}
{{ .l.x }} {{ .m.a.b }}
{{ call .s }}
{{ get .m "missing" }} {{ dig "b" "c" "x" .m }} {{ pluck "a" .m .em }}
`}}
	families["mixed"] = family{make: func() []string { return mixed(6000) }}
}

// varying are functions whose answers depend on the moment, or on the order of a map.
var varying = strings.Fields("date dateInZone date_in_zone htmlDate htmlDateInZone durationRound keys values")

// mixed makes templates of functions inside functions, by chance, but the same each time.
func mixed(count int) []string {
	chance := rand.New(rand.NewPCG(7, 11))
	type callable struct {
		name  string
		pools []string
	}
	var callables []callable
	names := make([]string, 0, len(families))
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, c := range families[name].calls {
			for _, function := range strings.Fields(c.names) {
				if slices.Contains(varying, function) {
					continue
				}
				callables = append(callables, callable{function, c.pools})
			}
		}
	}
	var expression func(pool string, depth int) string
	call := func(depth int) string {
		c := callables[chance.IntN(len(callables))]
		parts := []string{c.name}
		for _, pool := range c.pools {
			if strings.HasSuffix(pool, "*") {
				pool = strings.TrimSuffix(pool, "*")
				if chance.IntN(2) == 0 {
					continue
				}
			}
			parts = append(parts, expression(pool, depth))
		}
		return strings.Join(parts, " ")
	}
	expression = func(pool string, depth int) string {
		open := pool == "any" || pool == "list" || pool == "dict" || pool == "text" || pool == "number" || pool == "time"
		if open && depth > 0 && chance.IntN(2) == 0 {
			return "(" + call(depth-1) + ")"
		}
		values := pools[pool]
		return values[chance.IntN(len(values))]
	}
	shows := []string{`{{ %s }}`, `{{ $r := %s }}{{ $r }} {{ typeOf $r }}`, `{{ toJson (%s) }}`, `{{ toYaml (%s) }}`, `{{ printf "%%q %%v" (%[1]s) (%[1]s) }}`, `{{ range toStrings (%s) }}[{{ . }}]{{ else }}none{{ end }}`, `{{ with %s }}{{ . | toString }}{{ else }}empty{{ end }}`, `{{ %s | default "d" | quote }}`, `{{ deepCopy (%s) | toPrettyJson }}`}
	lines := make([]string, 0, count)
	for range count {
		lines = append(lines, fmt.Sprintf(shows[chance.IntN(len(shows))], call(2)))
	}
	return lines
}
