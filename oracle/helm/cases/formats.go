package main

func init() {
	const withJSON = `{{ $r := %s }}{{ $r }} {{ typeOf $r }} {{ toJson $r }}`
	families["dates"] = family{calls: []calls{
		{names: "date", pools: []string{"layout", "time"}, most: 280},
		{names: "dateInZone date_in_zone", pools: []string{"layout", "time", "zone"}, most: 200},
		{names: "htmlDate", pools: []string{"time"}},
		{names: "htmlDateInZone", pools: []string{"time", "zone"}, most: 60},
		{names: "toDate mustToDate", pools: []string{"parseLayout", "parseText"}, most: 600},
		{names: "dateModify date_modify mustDateModify must_date_modify", pools: []string{"duration", "time"}, most: 80},
		{names: "unixEpoch", pools: []string{"time"}},
		{names: "duration durationRound", pools: []string{"duration"}},
		{names: "duration durationRound", pools: []string{"seconds"}},
		{names: "duration", pools: []string{"any"}},
	}, templates: []string{`
{{ $t := toDate "2006-01-02T15:04:05Z07:00" "2026-03-04T05:06:07.25+02:00" }}{{ $t.Year }} {{ $t.Month }} {{ $t.Day }} {{ $t.Hour }} {{ $t.Minute }} {{ $t.Second }} {{ $t.Nanosecond }} {{ $t.YearDay }} {{ $t.Weekday }} {{ $t.Unix }} {{ $t.UnixMilli }} {{ $t.UnixMicro }} {{ $t.UnixNano }} {{ $t.UTC }} {{ $t.Local }} {{ $t.IsZero }} {{ $t.String }} {{ $t.IsDST }}
{{ $t := toDate "2006-01-02" "2024-02-29" }}{{ $t.AddDate 1 0 0 }} {{ $t.AddDate 0 -1 1 }} {{ $t.AddDate -400 13 40 }} {{ ($t.Add 1500000000).String }} {{ $t.Truncate 86400000000000 }} {{ $t.Round 3600000000000 }}
{{ $t := toDate "2006-01-02" "2024-02-29" }}{{ $u := toDate "2006-01-02" "2025-01-01" }}{{ $t.Before $u }} {{ $t.After $u }} {{ $t.Equal $t }} {{ $t.Compare $u }} {{ $u.Sub $t }} {{ ($u.Sub $t).Hours }} {{ ($u.Sub $t).Minutes }} {{ ($u.Sub $t).Seconds }} {{ ($u.Sub $t).Milliseconds }} {{ ($u.Sub $t).String }} {{ typeOf ($u.Sub $t) }} {{ kindOf ($u.Sub $t) }}
{{ $t := toDate "2006" "2024" }}{{ printf "%d %s %v" $t.Month $t.Month $t.Month }} {{ printf "%d %v" $t.Weekday $t.Weekday }} {{ typeOf $t.Month }} {{ typeOf $t.Weekday }} {{ $t.Month | toString | upper }} {{ int $t.Month }} {{ add 1 $t.Month }} {{ eq $t.Month 1 }} {{ quote $t.Month }} {{ toJson $t.Month }} {{ toYaml $t.Weekday }}
{{ (toDate "2006" "2024").Nope }}
{{ (toDate "2006" "2024").Add (int64 5) }}
{{ (toDate "2006" "2024").Format 5 }}
{{ (toDate "2006" "2024").Year 5 }}
{{ $t := toDate "2006" "2024" }}{{ $t.Location }} {{ $t.Format "Mon 2 Jan" }} {{ $t.GoString }} {{ printf "%s|%v|%q" $t $t $t }}
{{ $t := toDate "2006-01-02 15:04:05 MST" "2024-01-02 03:04:05 EST" }}{{ $t }}
{{ toJson (toDate "2006-01-02T15:04:05Z07:00" "2026-03-04T05:06:07.25+02:00") }} {{ toYaml (toDate "2006-01-02" "2024-02-29") }} {{ toYamlPretty (dict "t" (toDate "2006-01-02" "2024-02-29")) }} {{ toToml (dict "t" (toDate "2006-01-02" "2024-02-29")) }}
{{ toJson (toDate "2006-01-02T15:04:05Z07:00" "9999-12-31T23:59:59-23:00") }} {{ mustToJson (dateModify "1h" (toDate "2006-01-02 15:04:05" "9999-12-31 23:30:00")) }}
{{ toJson (toDate "2006" "bad") }} {{ (toDate "2006" "bad").IsZero }} {{ toDate "2006" "bad" | empty }} {{ toDate "2006" "bad" | unixEpoch }}
{{ eq (date "2006" "x") (date "2006" now) }} {{ kindOf now }} {{ typeOf now }} {{ lt (unixEpoch now) "9" }} {{ ago now }} {{ durationRound now }}
{{ regexMatch "^[0-9]+h" (ago (toDate "2006-01-02" "2020-01-01")) }} {{ hasSuffix "y" (durationRound (toDate "2006-01-02" "2000-01-01")) }} {{ ago "x" }} {{ ago nil }}
{{ date "2006-01-02 15:04:05.000000000 Mon" (int64 1700000000) }} {{ date "2006" }}
{{ list (toDate "2006" "2024") | first | date "06" }} {{ dict "t" (toDate "2006" "2024") }} {{ print (toDate "2006" "2024") "x" }} {{ eq (toDate "2006" "2024") (toDate "2006" "2024") }}
`}}
	pools["seconds"] = lines("95\n(int64 95)\n(int64 3661)\n(int64 -90061)\n(int64 9223372036854775807)\n(int64 7200000000001)\n(int64 0)\n\"95\"\n\"-3661\"\n\"1.5\"\n\"x\"\nnil\n1.5\n\"86400\"\n\"99999999999\"\n\"2h10m5s\"\n\"2400h10m5s\"\n\"9000h\"\n\"1s\"\n\"999ms\"\n\"-5m\"\n\"8760h\"\n\"8761h\"\n\"720h\"\n\"721h\"\n\"24h\"\n\"25h\"\n\"60m\"\n\"61m\"\n\"60s\"\n\"61s\"\n\"2s\"\n(int64 1000000000)\n(int64 1000000001)")
	pools["parseLayout"] = lines(`
"2006-01-02"
"2006-01-02T15:04:05Z07:00"
"2006-01-02 15:04:05"
"Jan 2, 2006 at 3:04pm (MST)"
"Mon Jan _2 15:04:05 2006"
"02 Jan 06 15:04 -0700"
"Monday, January 2 2006"
"2006-002"
"15:04:05.000"
"3:04PM"
"2006-01-02 15:04:05.999999 -07:00"
"2006-01-02 MST"
"20060102"
"1/2/06"
"06-1-2 03:04:05 PM"
""
"2006-01-02Z07"
"2006-01-02 15:04:05,000"
"Z0700"
"2006 __2"
"2006-01-02 -07:00:00"
"5"
"x 2006 y"`)
	pools["parseText"] = lines(`
"2024-02-29"
"2023-02-29"
"2024-13-01"
"2024-00-10"
"2024-01-32"
"24-01-01"
"2024-1-1"
" 2024-01-01"
"2024-01-01 extra"
""
"2026-03-04T05:06:07Z"
"2026-03-04T05:06:07.25+02:00"
"2026-03-04T25:06:07Z"
"2026-03-04T05:60:07Z"
"2026-03-04T05:06:60Z"
"2026-03-04T05:06:07+25:00"
"2026-03-04 05:06:07"
"2026-03-04 05:06:07.123456789"
"2026-03-04 05:06:07,5"
"Feb 3, 2013 at 7:54pm (PST)"
"feb 3, 2013 at 7:54PM (UTC)"
"Fri Feb  3 14:05:06 2023"
"Fri Feb 13 14:05:06 2023"
"03 Feb 23 14:05 -0830"
"Friday, February 3 2023"
"friday, FEBRUARY 3 2023"
"2024-366"
"2023-366"
"2024-000"
"2024-60"
"10:11:12.250"
"10:11:12"
"3:04PM"
"13:04PM"
"12:00AM"
"12:00PM"
"0:15AM"
"2026-03-04 05:06:07.5 +05:30"
"2026-03-04 CEST"
"2026-03-04 GMT+3"
"2026-03-04 WXYZ"
"20240229"
"2/29/24"
"12/31/70"
"1/2/69"
"1/2/68"
"99-1-2 03:04:05 PM"
"2026-03-04+02"
"2026-03-04Z"
"+0530"
"Z"
"2024  60"
"2024 366"
"2026-03-04 +01:02:03"
"7"
"x 2006 y"
"x 2024 z"
"é世"`)
	families["json"] = family{calls: []calls{
		{names: "toJson mustToJson toRawJson mustToRawJson toPrettyJson mustToPrettyJson toYaml toYamlPretty toToml", pools: []string{"any"}},
		{names: "toJson toRawJson toPrettyJson toYaml toYamlPretty toToml", pools: []string{"tree"}, show: `{{ %s }}`},
		{names: "toJson toRawJson toYaml", pools: []string{"text"}},
		{names: "fromJson fromJsonArray mustFromJson fromYaml fromYamlArray", pools: []string{"jsonText"}, show: withJSON, most: 120},
		{names: "fromYaml fromYamlArray", pools: []string{"yamlText"}, show: withJSON},
		{names: "fromToml", pools: []string{"tomlText"}, show: withJSON, most: 200},
	}, templates: []string{`
{{ toJson . }} {{ toYaml . }} {{ toPrettyJson .m }} {{ toToml .m }}
{{ (mustFromJson "{\"a\":[1,2.5,\"x\",null,true,{\"b\":{}}]}").a }} {{ fromJson "{\"a\":1e3}" | toYaml }}
{{ mustFromJson "1e400" }}
{{ mustFromJson "-0" | toJson }} {{ mustFromJson "-0.0" | toJson }} {{ mustFromJson "1E5" }} {{ mustFromJson "123456789012345678901234567890" }}
{{ fromJson "{\"a\":1e400}" }} {{ fromJsonArray "[1e400]" }}
{{ fromToml "a=1" | toYaml }} {{ (fromToml "a=1").a | typeOf }} {{ (fromToml "a=1.0").a | typeOf }} {{ (fromToml "a=2024-01-02T03:04:05Z").a | typeOf }}
{{ dict "html" "<a&b>" | toJson }} {{ dict "html" "<a&b>" | toRawJson }} {{ "\u2028\u2029\u007f\ud7ff" | toJson }} {{ "\x00\x1f\x7f" | toJson }}
`}}
	pools["tree"] = lines(`
(dict "a" (dict "b" (dict "c" (list 1 (dict "d" nil)))))
(dict "l" (list (dict "a" 1) (dict "b" (list 1 2))) "s" "x")
(dict "t" (list (dict "x" 1) (dict "x" 2)))
(dict "m" (list 1 "a" 2.5))
(dict "e" (list) "d" (dict) "z" (rest (list)))
(dict "s" "multi\nline" "t" "tab\t" "q" "\"q\"" "u" "é世😀" "c" "\u0001" "b" "\\")
(dict "a b" 1 "é" 2 "a.b" 3 "" 4 "1" 5 "a-b_c" 6)
(dict "f" 1.0 "g" 1e21 "h" 1e-7 "i" 123456789.5 "n" (float64 "NaN") "p" (float64 "inf"))
(dict "f" 1.0 "g" 1e21 "h" 1e-7 "i" 123456789.5 "j" 1e6 "k" -0.0 "l" 1e15)
(dict "t" (toDate "2006-01-02T15:04:05Z07:00" "2026-03-04T05:06:07.25+02:00"))
(dict "v" (semver "1.2.3"))
(dict "sl" (splitList "," "a,b") "il" (until 3) "ch" (chunk 2 (until 3)) "sm" (split "," "x,y"))
(dict "mixed" (list 1 (dict "a" 1)))
(dict "nested" (list (list 1 2) (list "a") (list)))
(dict "n" nil "o" 1)
(dict "ln" (list nil))
(list 1 (list 2 (list 3)) (dict "a" (list)))
(list (dict "a" 1) (dict "b" 2))
(list (dict "a" (dict "b" (list (dict "c" 1)))))
(dict "b" true "i64" (int64 5) "u8" (index "ab" 0))
(dict "tables" (dict "x" (dict "y" (dict "z" 1))) "first" 1 "arr" (list (dict "k" (list (dict "q" 1)))))
(dict "yes" "yes" "n" "no" "num" "012" "date" "2026-01-02" "colon" "a: b")
(split "," "a,b")
(splitList "," "a,b")
(dict "r" "\r\n" "v" "'single'" "d" "a\u007fb" "bad" "\xff")
(exec "true")
(dict "dur" ((toDate "2006" "2024").Sub (toDate "2006" "2023")))`)
	pools["jsonText"] = []string{}
	for _, text := range []string{`{"a":1,"b":[1,2.5,"x",null,true,false]}`, `[1,{"k":2}]`, `{}`, `[]`, ``, `null`, `true`, `5`, `"s"`, `{bad`, `{"a":1,}`, `[1,]`, `{"a" 1}`, `{"a":1 "b":2}`, `[1 2]`, `{} x`, `{"a":01}`, `[-]`, `[1.]`, `[.5]`, `[1e]`, `[+1]`, `{"a":"\u00e9\ud83d\ude00\n\/"}`, `["\ud800"]`, `["\ud800\u0041"]`, `["\q"]`, `["\u12"]`, "[\"a\nb\"]", "[\"\x01\"]", `{"a":1,"a":2}`, `{"a":{"b":{"c":[[[]]]}}}`, ` { "a" : 1 } `, "\ufeff{}", `nul`, `tru`, `nullx`, `[1,2`, `{"a":`, `{"a"`, `{`, `"open`, `'a'`, `{a:1}`, `NaN`, `[Infinity]`, `1e5`, `-1.5E-3`, `0`, `-0`, `00`, `12345678901234567890`, "[\"\xff\"]", `[1]]`, `{"":1}`, `{"é":"世"}`, `{"a":/*c*/1}`, `[true,fals]`, `{1:2}`, `{null:1}`} {
		pools["jsonText"] = append(pools["jsonText"], quoted(text))
	}
	for _, text := range []string{"a: 1\nb: [x, yes, ~]\nc: {d: 1.5}", "- 1\n- a: b\n- [x]", "", "# only", "just text", "a: b: c", "a:\n\t- b", "a: 'open", "y: 1\nn: 2", "a: |\n  l1\n  l2\n", "a: 012\nb: 0x1f\nc: 1_000\nd: 1e3\ne: .inf", "a: .nan", "base: &b {x: 1}\nd:\n  <<: *b\n  z: 3", "a: 1\na: 2", "a: 1\n---\nb: 2", "? [a]\n: b", "a: !!str 5\nb: !!binary aGk=", "a: *nope", "a: @x", "[1, 2", "{a: 1", "1: a\ntrue: b\n1.5: c", "null", "5", "true", "a: 2026-01-02", "é: 世\nemoji: 😀", "a: 12345678901234567890", "a: 9007199254740993", "- - 1\n  - 2\n-", "a: \"\\u00e9\\n\"", "%YAML 1.1\n---\na: 1", "a: >\n  f1\n  f2\n\n  f3", "a: -0.0\nb: 1.10", "\xff", "a: \x01"} {
		pools["yamlText"] = append(pools["yamlText"], quoted(text))
	}
	for _, text := range []string{"a = 1", "a = 1\n[t]\nx = [1.5, \"s\"]\n", "", "# c", "bad", "a = ", "a = 1 2", "= 1", "a.b.c = 1", "a = 'lit'", "a = \"\"\"m\nl\"\"\"", "a = '''\nraw'''", "a = 0x1f\nb = 0o17\nc = 0b1\nd = 1_000", "a = 1e3\nb = inf\nc = -nan", "a = true\nb = false", "a = 1979-05-27T07:32:00Z", "a = 1979-05-27T00:32:00.999999-07:00", "a = 1979-05-27 07:32:00", "a = 1979-05-27", "a = 07:32:00", "a = { x = 1, y = [2] }", "[[p]]\nn = 1\n[[p]]\nn = 2", "[a.b]\nc = 1\n[a]\nd = 2", "a = 1\na = 2", "[a]\n[a]", "a = \"\\u00e9\\n\\t\"", "a = \"\\q\"", "\"quoted key\" = 1\n'lit' = 2", "a = [1, \"x\"]", "a = [1,\n2, # c\n]", "a = 9223372036854775808", "a = 01", "a = 1.", "a = .5", "a = tru", "a = \"open", "[open", "a = {x = 1", "é = 1", "a = 1\r\nb = 2", "a = [[1], [\"b\"]]", "[a]\nb.c = 1\nb.d = 2", "a = {}\n[a.b]\nc=1", "x = 1\ny", "a = 1 # c\n\n\nb = 'x' y", "a = 1_", "a = _1", "a = 0x", "[[a]]\n[a]", "a = +5\nb = -5", "a = +0x1", "a = 1e", "a = {a = 1, a = 2}", "[]", "[a.]", "[ a . b ]\nc = 1", "a = '\x01'", "a = \"\\uD800\"", "a = \"\\e\\x41\"", "a = {\n x = 1,\n}"} {
		pools["tomlText"] = append(pools["tomlText"], quoted(text))
	}

	families["encoding"] = family{calls: []calls{
		{names: "b64enc b32enc", pools: []string{"text"}},
		{names: "b64dec b32dec", pools: []string{"encodedText"}, show: `{{ %s | printf "%%q" }}`},
		{names: "b64dec b32dec", pools: []string{"text"}, show: `{{ %s | printf "%%q" }}`},
		{names: "base dir clean ext isAbs osBase osDir osClean osExt osIsAbs", pools: []string{"path"}},
		{names: "urlParse", pools: []string{"url"}, show: `{{ $r := %s }}{{ toJson $r }}`, most: 200},
		{names: "urlParse", pools: []string{"url"}, show: `{{ $r := %s }}{{ urlJoin $r }}`, most: 200},
		{names: "urlJoin", pools: []string{"urlDict"}},
	}}
	for _, text := range []string{"aGVsbG8=", "aGVsbG8", "aGVsbG8==", "", "!!", "aGVs\nbG8=", "aGVs bG8=", "YQ==", "YR==", "YQ=", "YQ", "Y", "====", "=", "YQ==YQ==", "YQ==\n", "YWJj\r\n", "_-8=", "/+8=", "NBUQ====", "NBUQ===", "NBUQ", "nbuq====", "NBSWY3DP", "MFRGG===", "ME======", "MY======", "MZXQ====", "MZXW6===", "MZXW6YQ=", "M1======", "AA\nAA====", "A=======", "AAA=====", "AAAAAA==", "YWJjZ", "YWJjZGU=", "YWJjZGVm!", "YWJj=ZGVm", "\xff\xff\xff\xff", "MZXW6YTB1", "MZXW6YTBOI======"} {
		pools["encodedText"] = append(pools["encodedText"], quoted(text))
	}
	for _, text := range []string{"/a/b.txt", "a/b", "", "/", "//", ".", "..", "../..", "/..", "a/../b", "/a/../b//c/.", "a.tar.gz", ".bashrc", "a/b/", "a//b", "./a", "/a/./b", "a/b/..", "é/世.x", "a.", "a.b/c", "\xff/x", "///a", "a/../../b", "/../a", "a b/c d.e f", "\\a\\b", "C:\\x"} {
		pools["path"] = append(pools["path"], quoted(text))
	}
	pools["path"] = append(pools["path"], "nil", "5")
	for _, text := range []string{"https://u:p%40x@host.com:8080/p%20a/th?q=1&r=2#frag", "mailto:x@y.z", "/rel?x", "", "http://", "http://[bad", "http://[::1]:80/", "http://[fe80::1%25en0]/", "http://h:port/", "http://h:/", "//h/p", "//u@h", "a b", "http://a b/", "http://h/a b", "http://h/%zz", "http://h/%41", "%41", ":x", "1http://x", "ht tp://x", "http:x", "http:/x", "http:///x", "?q", "#f", "#%zz", "http://h#a#b", "http://h/?a=b?c", "http://h?%zz", "http://u:p:q@h", "http://u%zz@h", "http://us er@h", "http://@h", "http://:@h", "http://u:@h", "http://h/é", "http://é.com/", "http://h%41/", "http://h/\x7f", "http://h/\x01", "HTTP://H/P", "a:b:c", "a/b:c", "a:80", "localhost:8080/x", "*", "http://h/..", "http://h/;x=1", "http://h/a%2Fb", "http://h/a%2fb/c", "file:///etc/x", "urn:isbn:123", "http://1.2.3.4", "http://[::1", "http://::1/", "http://[::1]x/", "http://h/a+b?c+d", "http://h/!$&'()*+,;=:@", "http://h/[x]", "data:text/plain,hi", "//[::1]/x", "http://u:p@[::1]:1/x", "\xff", "http://h/\xff", "http://h/?\xff#\xff", "../x:y", "./a:b", "http://h/a?#", "http://h?", "http://h/#", "x://", "x:///", "x:", "http://h\\x/", "http://h\"/", "http://h</", "http://a|b/", "javascript:alert(1)", "http://u!$&'()*+,;=:p@h/"} {
		pools["url"] = append(pools["url"], quoted(text))
	}
	pools["urlDict"] = lines(`
(dict "scheme" "http" "host" "h:80" "path" "/a b" "query" "q=1" "fragment" "f" "userinfo" "u:p")
(dict "host" "h" "path" "p")
(dict)
(dict "host" 5)
(dict "scheme" nil)
(dict "path" "a:b")
(dict "path" "/a:b" "scheme" "x")
(dict "scheme" "mailto" "opaque" "x@y")
(dict "host" "h" "opaque" "o" "path" "/p")
(dict "userinfo" "u:p@q" "host" "h")
(dict "userinfo" "a b" "host" "h")
(dict "userinfo" "u%40" "host" "h")
(dict "userinfo" "u/x" "host" "h")
(dict "path" "//x")
(dict "path" "//x" "host" "")
(dict "scheme" "file" "path" "/etc")
(dict "scheme" "file" "path" "//etc")
(dict "fragment" "é f%" "path" "/%zz?x#y")
(dict "query" "a b" "path" "*")
(dict "host" "[::1]:80" "scheme" "http")
(dict "host" "a b" "scheme" "http")
(dict "path" "é/世[x]" "query" "é")
(dict "userinfo" "u:" "host" "h" "scheme" "s")
(dict "userinfo" 5)
(dict "scheme" "http" "path" "rel" "host" "h")
(dict "path" "a/b:c")
(dict "opaque" "//x" "scheme" "s" "query" "q")
(dict "path" "")
nil
(split "," "a")`)

	families["semver"] = family{calls: []calls{
		{names: "semver", pools: []string{"version"}},
		{names: "semverCompare", pools: []string{"constraint", "version"}, most: 900},
	}, templates: []string{`
{{ $v := semver "v1.2.3-rc.1+b5" }}{{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} {{ $v.Prerelease }} {{ $v.Metadata }} {{ $v.Original }} {{ $v.String }} {{ typeOf $v.Major }} {{ kindOf $v }}
{{ (semver "1.2.3").Compare (semver "1.10.0") }} {{ (semver "1.2.3-a").Compare (semver "1.2.3-b") }} {{ (semver "1.2.3-1").Compare (semver "1.2.3-a") }} {{ (semver "1.2.3-a.10").Compare (semver "1.2.3-a.9") }} {{ (semver "1.2.3").Compare (semver "1.2.3-a") }} {{ (semver "1.2.3-a").Compare (semver "1.2.3-a.1") }} {{ (semver "1.2.3+a").Compare (semver "1.2.3+b") }} {{ (semver "1.2.3-1").Compare (semver "1.2.3-01a") }}
{{ (semver "1.2.3").Equal (semver "v1.2.3") }} {{ (semver "1.2.3").LessThan (semver "2") }} {{ (semver "1.2.3").GreaterThan (semver "2") }} {{ (semver "1.2.3").LessThanEqual (semver "1.2.3") }} {{ (semver "1.2.3").GreaterThanEqual (semver "1.2.4") }}
{{ (semver "1.2.3-a+b").IncMajor }} {{ (semver "1.2.3-a+b").IncMinor }} {{ (semver "1.2.3-a+b").IncPatch }} {{ (semver "1.2.3").IncPatch }} {{ (semver "v1.2.3").IncMinor.Original }}
{{ toJson (semver "v1.2") }} {{ semver "1.2" | quote }} {{ semver "1.2" | toString }} {{ print (semver "1") "x" }} {{ list (semver "1") }} {{ toYaml (dict "v" (semver "1.2.3")) }}
{{ (semver "1").Nope }}
{{ (semver "1").Compare "2" }}
{{ (semver "1").Compare nil }}
{{ if (semver "0.0.0") }}T{{ end }} {{ semver "1" | empty }} {{ default "x" (semver "1") }} {{ eq (semver "1") (semver "1") }}
{{ semver 5 }}
{{ semver nil }}
`}}
	for _, text := range []string{"1.2.3", "v1.2.3", "1.2", "1", "v1", "1.2.3-beta.1+b5", "1.2.3+m", "1.2.3-alpha", "0.0.0", "1.2.3.4", "abc", "", "v", "1.2.3-", "1.2.3+", "1..3", "01.2.3", "1.02.3", "1.2.3-01", "1.2.3-0a", "1.2-rc1", "1-rc1", " 1.2.3", "1.2.3 ", "V1.2.3", "1.2.x", "99999999999999999999.0.0", "1.2.3-é", "1.2.3-a..b", "1.2.3+a..b", "2.0.0", "1.9.9", "1.3.0", "0.2.3", "0.3.0", "0.0.3", "1.21.3-gke.5", "18446744073709551615.1.1", "1.2.3-a-b.c-d+e-f", "-1.2.3", "1.2.3-rc.1", "10.0.0"} {
		pools["version"] = append(pools["version"], quoted(text))
	}
	for _, text := range []string{"^1.2.0", "~1.2.0", ">=1.2, <2.0.0", ">=1.20-0", ">=1.20", "1.x", "1.2 - 1.4", "<1 || >3", "^0.2.3", "*", "!=1.0", "=1.0", "~1", "1.2.3", "", "bad!", ">1.2", "<1.2", "<=1.2", ">=1", "=>1.2", "=<2", "~>1.2", "~>1", "^0", "^0.0", "^0.0.3", "^1.x", "~1.x", ">1.x", "<1.x", ">=1.2.x", "!=1.x", "!=1.2.3", "x", "X", "1.X.3", "1.*", ">*", "<*", "!=*", "^*", "~*", ">= 1.2.3 < 2", ">=1.2.3 <2.0.0 || ^3", "1.2.3 1.2.3", "1.2.3-beta", ">1.2.3-alpha", "^1.2.3-beta.2", "~1.2.3-alpha", "<1.2.3-rc.2", ">=0.0.0-0", "1.2 -1.4", "1.2-1.4", "1.2 - 1.4 || 2", "^v1.2", "v1.2.3", ">=v1", "!1.2", "==1.2", ">", "||", ", ", "1.2,", "~1.2.3 || ", "^1.2.3.4", "^1.2.3+meta", "=1.2.3+meta", "^2.0 , !=2.1", "1 - 2", "1.2.3-a - 2", "^1.2 ^1.3", ">=1.2.3,<1.2.3", "~0", "~0.0.1", "^0.x", "<0"} {
		pools["constraint"] = append(pools["constraint"], quoted(text))
	}

	families["crypto"] = family{templates: []string{`
{{ derivePassword 1 "long" "password" "user" "example.com" }} {{ derivePassword 1 "pin" "p" "u" "s" }} {{ derivePassword 1 "zzz" "p" "u" "s" }}
{{ derivePassword 4294967295 "maximum" "pässword" "üser" "" }} {{ derivePassword 0 "short" "" "" "" }}
{{ derivePassword 2 "basic" "p" "u" "s" }} {{ derivePassword 3 "medium" "p" "u" "s" }}
{{ derivePassword -1 "long" "p" "u" "s" }}
{{ derivePassword 4294967296 "long" "p" "u" "s" }}
{{ derivePassword (int 1) "long" "p" "u" "s" }}
{{ decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=" }} [{{ encryptAES "k" "" }}] [{{ decryptAES "k" "" }}]
{{ decryptAES "s" (encryptAES "s" "plain text") }} {{ decryptAES "é" (encryptAES "é" "0123456789abcdef") }} {{ decryptAES "" (encryptAES "" "x") }} {{ encryptAES "a very long key that has more than thirty two bytes" "y" | decryptAES "a very long key that has more than thirty two bytes indeed" }}
{{ decryptAES "k" "!!" }}
{{ decryptAES "k" "aGk=" }}
{{ decryptAES "k" "MDEyMzQ1Njc4OWFiY2RlZg==" }}
{{ decryptAES "k" "MDEyMzQ1Njc4OWFiY2RlZjAx" }}
{{ decryptAES "k" "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" | len }}
{{ hasPrefix "$2a$10$" (bcrypt "x") }} {{ regexMatch "^me:[$]2a[$]10[$].{53}$" (htpasswd "me" "pw") }} {{ htpasswd "a:b" "pw" }} {{ len (bcrypt "") }}
{{ bcrypt (repeat 73 "x") }}
{{ htpasswd "u" (repeat 80 "x") }}
{{ bcrypt (repeat 72 "x") | len }}
{{ genPrivateKey "nope" }} {{ genPrivateKey "ed25519" | len }} {{ genPrivateKey "ecdsa" | splitList "\n" | first }}
{{ genPrivateKey "ed25519" | splitList "\n" | first }}
{{ len (randBytes 16) }} {{ len uuidv4 }} {{ randBytes 0 }}| {{ regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" uuidv4 }}
{{ randBytes -1 }}
{{ buildCustomCert "!!" "x" }}
{{ buildCustomCert "aGk=" "!!" }}
{{ buildCustomCert "aGk=" "aGk=" }}
{{ buildCustomCert (b64enc "-----BEGIN CERTIFICATE-----\naGk=\n-----END CERTIFICATE-----\n") "aGk=" | len }}
{{ genSelfSignedCert "x" (list "bad-ip") nil 1 }}
{{ genSelfSignedCert "x" (list 5) nil 1 }}
{{ genSelfSignedCert "x" nil (list 5) 1 }}
{{ genSelfSignedCert "x" (splitList "," "1.2.3.4") nil 1 }}
{{ genSelfSignedCert "x" (list "1.2.3.4" "::1") (list "a.b" "*.c") 1 | kindOf }} {{ genCA "x" 1 | typeOf }}
{{ genSignedCert "x" nil nil 1 (dict) }}
{{ genCAWithKey "x" 1 "nope" }}
{{ genCAWithKey "x" 1 "-----BEGIN FOO-----\naGk=\n-----END FOO-----\n" }}
{{ genCAWithKey "x" 1 "-----BEGIN FOO PRIVATE KEY-----\naGk=\n-----END FOO PRIVATE KEY-----\n" }}
{{ genCA 5 1 }}
{{ genCA "x" "1" }}
{{ $k := genPrivateKey "ecdsa" }}{{ $ca := genCAWithKey "ca" 1 $k }}{{ eq $ca.Key $k }} {{ (genSelfSignedCertWithKey "s" nil (list "a.b") 1 $k).Cert | contains "CERTIFICATE" }} {{ (genSignedCertWithKey "s" nil nil 1 $ca $k).Key | eq $k }}
{{ $k := genPrivateKey "ed25519" }}{{ $ca := genCAWithKey "ca" 1 $k }}{{ eq $ca.Key $k }} {{ hasPrefix "-----BEGIN CERTIFICATE-----\n" $ca.Cert }}
{{ $ca := genCA "ca" 1 }}{{ $c := genSignedCert "x" (list "10.0.0.1") (list "a.b") 30 $ca }}{{ $c.Cert | splitList "\n" | first }} {{ $c.Key | splitList "\n" | first }} {{ $c.Nope }}
{{ exec "echo" "Hello" }}|{{ (exec "echo" "a b").Stdout | trim }}|{{ $r := exec "sh" "-c" "echo out; echo err >&2; exit 3" }}{{ $r.ExitCode }} {{ $r.Err }} {{ $r.Stderr | trim }} {{ eq $r.ExitCode 3 }}
{{ $r := exec "/nonexistent/prog" }}{{ $r.ExitCode }} {{ $r.Err }} [{{ $r }}]
{{ exec "no-such-program-anywhere" }}{{ (exec "no-such-program-anywhere").Err }}
{{ exec "echo" "x" | trim }}
{{ exec "echo" 5 }}
{{ (exec "true").Nope }}
{{ (exec "sh" "-c" "kill -9 $$").ExitCode }} {{ (exec "sh" "-c" "kill -9 $$").Err }}
{{ has "root" (groups "root") }} {{ typeOf (groups "root") }}
{{ groups "no-such-user-here" }}
{{ exec }}
`}}
}

func quoted(text string) string {
	out := []byte{'"'}
	const hex = "0123456789abcdef"
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, '\\', 'n')
		case c < 0x20 || c == 0x7f || c == 0xff:
			out = append(out, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}
