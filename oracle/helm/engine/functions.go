// Package engine is what the programs of this module share: Helm's functions and the types of its numbers.
package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	goyaml "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// Functions gives the functions of a mode, with those of Helm doing what Helm's engine documents of them.
func Functions(mode string, set *template.Template, option string) template.FuncMap {
	if mode == "bare" || mode == "barestrict" {
		return template.FuncMap{}
	}
	all := sprig.TxtFuncMap()
	if mode == "sprig" {
		return all
	}
	delete(all, "env")
	delete(all, "expandenv")
	depths := map[string]int{}
	for name, function := range map[string]any{
		"getHostByName": func(string) string { return "" },
		"toYaml":        func(v any) string { return orEmpty(yaml.Marshal(v)) },
		"toYamlPretty":  toYamlPretty,
		"fromYaml":      func(text string) map[string]any { return object(text, yamlInto) },
		"fromYamlArray": func(text string) []any { return array(text, yamlInto) },
		"toJson":        func(v any) string { return orEmptyRaw(json.Marshal(v)) },
		"fromJson":      func(text string) map[string]any { return object(text, json.Unmarshal) },
		"fromJsonArray": func(text string) []any { return array(text, json.Unmarshal) },
		"toToml":        toToml,
		"fromToml":      func(text string) map[string]any { return object(text, toml.Unmarshal) },
		"include":       include(set, depths),
		"tpl":           tpl(set, depths, option),
		"required":      required,
		"fail":          func(text string) (string, error) { return "", marked(text) },
		"lookup":        func(_, _, _, _ string) (map[string]any, error) { return map[string]any{}, nil },
	} {
		all[name] = function
	}
	return all
}

func yamlInto(text []byte, into any) error { return yaml.Unmarshal(text, into) }

func orEmptyRaw(text []byte, err error) string {
	if err != nil {
		return ""
	}
	return string(text)
}

func orEmpty(text []byte, err error) string {
	return strings.TrimSuffix(orEmptyRaw(text, err), "\n")
}

func toYamlPretty(v any) string {
	var text bytes.Buffer
	encoder := goyaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(v)
	return orEmpty(text.Bytes(), err)
}

func toToml(v any) string {
	var text bytes.Buffer
	if err := toml.NewEncoder(&text).Encode(v); err != nil {
		return err.Error()
	}
	return text.String()
}

func object(text string, decode func([]byte, any) error) map[string]any {
	decoded := map[string]any{}
	if err := decode([]byte(text), &decoded); err != nil {
		decoded["Error"] = err.Error()
	}
	return decoded
}

func array(text string, decode func([]byte, any) error) []any {
	decoded := []any{}
	if err := decode([]byte(text), &decoded); err != nil {
		decoded = []any{err.Error()}
	}
	return decoded
}

func marked(text string) error { return errors.New("HELM_ERR_START" + text + "HELM_ERR_END") }

func required(text string, v any) (any, error) {
	if v == nil || v == any("") {
		return v, marked(text)
	}
	return v, nil
}

func include(set *template.Template, depths map[string]int) func(string, any) (string, error) {
	return func(name string, data any) (string, error) {
		if depths[name] > 1000 {
			return "", fmt.Errorf("rendering template has a nested reference name: %s: unable to execute template", name)
		}
		depths[name]++
		var text strings.Builder
		err := set.ExecuteTemplate(&text, name, data)
		depths[name]--
		return text.String(), err
	}
}

func tpl(parent *template.Template, depths map[string]int, option string) func(string, any) (string, error) {
	return func(text string, data any) (string, error) {
		set, err := parent.Clone()
		if err != nil {
			return "", fmt.Errorf("cannot clone template: %w", err)
		}
		set.Option(option)
		set.Funcs(template.FuncMap{"include": include(set, depths), "tpl": tpl(set, depths, option)})
		parsed, err := set.New(parent.Name()).Parse(text)
		if err != nil {
			return "", fmt.Errorf("cannot parse template %q: %w", text, err)
		}
		var out strings.Builder
		if err := parsed.Execute(&out, data); err != nil {
			return "", fmt.Errorf("error during tpl function execution for %q: %w", text, err)
		}
		return strings.ReplaceAll(out.String(), "<no value>", ""), nil
	}
}
