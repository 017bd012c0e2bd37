package protocol

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Numbers gives JSON numbers their Go types and lists no spare capacity.
func Numbers(v any, integers string) any {
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
			v[i] = Numbers(v[i], integers)
		}
		return slices.Clip(v)
	case map[string]any:
		for k := range v {
			v[k] = Numbers(v[k], integers)
		}
	}
	return v
}
