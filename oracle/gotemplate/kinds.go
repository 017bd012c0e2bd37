package main

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"slices"
	"text/template"
	"time"
)

// pair is a structure whose fields have declared interface types.
type pair struct {
	Name  string
	Value any
	Err   error
}

// Sum is a method with arguments.
func (p pair) Sum(a int, rest ...int) int {
	for _, n := range rest {
		a += n
	}
	return a
}

// Greet is a method without arguments.
func (p pair) Greet() string { return "I am " + p.Name }

// Fail is a method that fails.
func (p pair) Fail(why string) (string, error) { return "", errors.New(why) }

// titled is a structure that prints as text.
type titled struct{ Title string }

func (t titled) String() string { return "title " + t.Title }

// kinds makes values of every kind, and takes arguments of every kind.
var kinds = template.FuncMap{
	"int8":      func(n int) int8 { return int8(n) },
	"int16":     func(n int) int16 { return int16(n) },
	"int32":     func(n int) int32 { return int32(n) },
	"int64":     func(n int) int64 { return int64(n) },
	"uint":      func(n int) uint { return uint(n) },
	"uint8":     func(n int) uint8 { return uint8(n) },
	"uint16":    func(n int) uint16 { return uint16(n) },
	"uint32":    func(n int) uint32 { return uint32(n) },
	"uint64":    func(n int) uint64 { return uint64(n) },
	"uintptr":   func(n int) uintptr { return uintptr(n) },
	"float32":   func(f float64) float32 { return float32(f) },
	"float64":   func(f float64) float64 { return f },
	"complex64": func(c complex128) complex64 { return complex64(c) },
	"inf":       func(sign int) float64 { return math.Inf(sign) },
	"nan":       func() float64 { return math.NaN() },
	"bytes":     func(s string) []byte { return slices.Clip([]byte(s)) },
	"list":      func(items ...any) []any { return slices.Clip(items) },
	"strings":   func(items ...string) []string { return slices.Clip(items) },
	"ints":      func(items ...int) []int { return slices.Clip(items) },
	"floats":    func(items ...float64) []float64 { return slices.Clip(items) },
	"lists":     func(items ...[]any) [][]any { return slices.Clip(items) },
	"dict": func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	},
	"stringmap": func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	},
	"intmap": func(key string, n int) map[string]int { return map[string]int{key: n} },
	"set": func(m map[string]any, key string, value any) map[string]any {
		m[key] = value
		return m
	},
	"nilany":    func() any { return nil },
	"nilmap":    func() map[string]any { return nil },
	"nillist":   func() []string { return nil },
	"nilerror":  func() error { return nil },
	"error":     func(text string) error { return errors.New(text) },
	"any":       func(v any) any { return v },
	"fail":      func(text string) (string, error) { return "", errors.New(text) },
	"panic":     func(text string) string { panic(text) },
	"pair":      func(name string, value any) pair { return pair{Name: name, Value: value} },
	"pairptr":   func(name string, value any) *pair { return &pair{Name: name, Value: value} },
	"failed":    func(name string, why string) pair { return pair{Name: name, Err: errors.New(why)} },
	"titled":    func(title string) titled { return titled{title} },
	"duration":  func(ns int64) time.Duration { return time.Duration(ns) },
	"func":      func() func(int, string) string { return func(n int, s string) string { return s[:n] } },
	"variadic":  func() func(string, ...int) int { return func(s string, ns ...int) int { return len(s) + len(ns) } },
	"seq":       func(n int) iter.Seq[int] { return func(yield func(int) bool) { each(n, yield) } },
	"seq2":      func(items ...string) iter.Seq2[int, string] { return slices.All(items) },
	"takebool":  func(v bool) bool { return v },
	"takeint":   func(v int) int { return v },
	"takeint8":  func(v int8) int8 { return v },
	"takeuint":  func(v uint) uint { return v },
	"takeuint8": func(v uint8) uint8 { return v },
	"takef32":   func(v float32) float32 { return v },
	"takef64":   func(v float64) float64 { return v },
	"takec":     func(v complex128) complex128 { return v },
	"takestr":   func(v string) string { return v },
	"takelist":  func(v []any) int { return len(v) },
	"takestrs":  func(v []string) int { return len(v) },
	"takemap":   func(v map[string]any) int { return len(v) },
	"takeerr":   func(v error) bool { return v == nil },
	"takepair":  func(v pair) string { return v.Name },
	"taketwo":   func(a int, b string) string { return b },
	"takesome":  func(a string, rest ...int) int { return len(rest) },
}

// sample is the data of most golden cases.
var sample = json.RawMessage(`{"i":7,"z":0,"f":2.5,"s":"text","e":"","t":true,"n":null,"l":[1,"two",null,[3]],"el":[],` +
	`"m":{"a":1,"b":{"c":"deep"},"k":null},"em":{},"é":"accent"}`)

func each(n int, yield func(int) bool) {
	for i := range n {
		if !yield(i) {
			return
		}
	}
}
