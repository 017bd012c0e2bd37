package main

func init() {
	families["strings"] = family{calls: []calls{
		{names: "trim upper lower title untitle swapcase snakecase camelcase kebabcase initials nospace toString quote squote", pools: []string{"text"}, show: `{{ %s | printf "%%q" }}`},
		{names: "hello", pools: []string{}},
		{names: "trunc abbrev indent nindent repeat wrap", pools: []string{"width20", "text"}, show: `{{ %s | printf "%%q" }}`, most: 70},
		{names: "trimAll trimall trimPrefix trimSuffix contains hasPrefix hasSuffix", pools: []string{"short", "text"}, show: `{{ printf "%%q" (print (%s)) }}`, most: 70},
		{names: "replace", pools: []string{"sep", "short", "text"}, show: `{{ %s | printf "%%q" }}`, most: 90},
		{names: "substr", pools: []string{"width", "width", "text"}, show: `{{ %s | printf "%%q" }}`, most: 90},
		{names: "abbrevboth", pools: []string{"width", "width20", "text"}, show: `{{ %s | printf "%%q" }}`, most: 120},
		{names: "wrapWith", pools: []string{"width20", "sep", "text"}, show: `{{ %s | printf "%%q" }}`, most: 120},
		{names: "plural", pools: []string{"short", "short", "count"}},
		{names: "toString toStrings sortAlpha quote squote cat", pools: []string{"any"}, show: `{{ %s | printf "%%q" }}`},
		{names: "cat quote squote", pools: []string{"any*"}, show: `{{ %s | printf "%%q" }}`, most: 90},
		{names: "split", pools: []string{"sep", "text"}, most: 80},
		{names: "splitList", pools: []string{"sep", "text"}, show: `{{ %s | printf "%%q" }}`, most: 80},
		{names: "splitn", pools: []string{"sep", "count", "text"}, most: 90},
		{names: "join", pools: []string{"sep", "any"}, show: `{{ %s | printf "%%q" }}`, most: 80},
		{names: "join sortAlpha toStrings", pools: []string{"list"}, show: `{{ printf "%%q" (%s) }}`},
		{names: "sha1sum sha256sum sha512sum adler32sum", pools: []string{"text"}},
	}, templates: []string{`
{{ "a" | trim | upper | printf "%s!" }}
{{ title "ǆabc ß'a _x 2b" }}
{{ randAlpha 0 }}|{{ randNumeric 0 }}|{{ shuffle "" }}|{{ shuffle "a" }}|{{ shuffle "aaa" }}
{{ randAlphaNum 12 | len }} {{ randAscii 9 | len }} {{ randAlpha -1 | len }}
{{ regexMatch "^[A-Za-z]{40}$" (randAlpha 40) }} {{ regexMatch "^[A-Za-z0-9]{40}$" (randAlphaNum 40) }} {{ regexMatch "^[0-9]{40}$" (randNumeric 40) }} {{ regexMatch "^[ -~]{40}$" (randAscii 40) }}
{{ repeat 3 "" }}{{ repeat 9223372036854775807 "" | len }}
{{ indent 1000000000000000000 "x" }}
{{ camelcase "some_words" }} {{ camelcase "http_server" }} {{ camelcase "no_https" }} {{ camelcase "_complex__case_" }} {{ camelcase "all" }} {{ camelcase "GOLANG_IS_GREAT" }} {{ camelcase "alreadyPascal" }} {{ camelcase "ID" }}
{{ snakecase "FirstName" }} {{ snakecase "HTTPServer" }} {{ snakecase "NoHTTPS" }} {{ snakecase "GO_PATH" }} {{ snakecase "GO PATH" }} {{ snakecase "GO-PATH" }} {{ snakecase "http2xx" }} {{ snakecase "HTTP20xOK" }} {{ snakecase "Duration2m3s" }} {{ snakecase "Bld4Floor3rd" }}
{{ kebabcase "HTTP2XX4you" }} {{ kebabcase "a1b2C3" }} {{ kebabcase "ÄÖü ÉaB" }} {{ kebabcase "_a _b_ C" }} {{ kebabcase "x9Y" }} {{ kebabcase "99Bottles" }} {{ kebabcase "v2" }} {{ kebabcase "aBC9D" }}
{{ snakecase "a世界B" }} {{ snakecase "ABC世Def" }} {{ snakecase "aǅb" }} {{ snakecase "１２３a" }} {{ camelcase "a世_界b" }} {{ camelcase "ǆx_ǆy" }}
{{ wrap 5 "aaaa bbbb  cccc dddddddd e" | printf "%q" }} {{ wrap 1 "ab cd" | printf "%q" }} {{ wrap 0 "ab cd" | printf "%q" }} {{ wrapWith 3 "" "abcdefgh" | printf "%q" }}
{{ wrap 10 "  leading spaces here and   there  " | printf "%q" }} {{ wrapWith 10 "<br>" "aaaaaaaaaaaaaaaaaaaaaaaaa" }} {{ wrap 8 "héé世 😀😀😀 abc" | printf "%q" }}
{{ abbrev 5 "hello world" }} {{ abbrev 4 "hello" }} {{ abbrev 6 "héé世 and so on" | printf "%q" }} {{ abbrevboth 0 8 "hello world there" }} {{ abbrevboth 4 8 "hello world there" }} {{ abbrevboth 30 8 "hello world there" }} {{ abbrevboth 12 8 "hello world there" }} {{ abbrevboth -5 8 "hello world there" }}
{{ list "a" 1 nil | quote }} {{ quote "a" nil 1 (list) }} {{ squote "a'b" }} {{ cat nil nil }}| {{ cat "" "a" }}| {{ cat "%d" "%s" 5 }}
`}}
	pools["width20"] = pools["width"][:15]
	pools["width20"] = append(pools["width20"][:10:10], lines("-1\n\"3\"\nnil\n2.0\n2.5\n(int64 3)\n12\n40")...)
	families["regex"] = family{calls: []calls{
		{names: "regexMatch mustRegexMatch", pools: []string{"pattern", "subject"}, most: 260},
		{names: "regexFind mustRegexFind", pools: []string{"pattern", "subject"}, show: `{{ %s | printf "%%q" }}`, most: 160},
		{names: "regexFindAll mustRegexFindAll regexSplit mustRegexSplit", pools: []string{"pattern", "subject", "limit"}, show: `{{ $r := %s }}{{ printf "%%q" $r }} {{ toJson $r }}`, most: 200},
		{names: "regexReplaceAll mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral", pools: []string{"pattern", "subject", "replacement"}, show: `{{ %s | printf "%%q" }}`, most: 200},
		{names: "regexQuoteMeta", pools: []string{"text"}, show: `{{ %s | printf "%%q" }}`},
		{names: "regexQuoteMeta", pools: []string{"pattern"}, show: `{{ %s | printf "%%q" }}`},
	}}
	pools["limit"] = lines("-1\n0\n1\n2\n3\n-5\n100\n\"1\"\nnil")
	pools["replacement"] = lines("\"-\"\n\"\"\n\"$1\"\n\"${1}x\"\n\"$1x\"\n\"${n}$$\"\n\"$n\"\n\"$0$0\"\n\"$9\"\n\"$\"\n\"$$\"\n\"${\"\n\"${}\"\n\"${1\"\n\"$-\"\n\"a$b c\"\n\"\\\\1\"\n\"$世\"\n\"${a-b}\"\n\"$01\"\n\"\\xff\"")
	pools["subject"] = lines("\"abc123def\"\n\"\"\n\"aaa bbb\\nccc\"\n\"héé世😀x\"\n\"a.b*c[d]\"\n\"\\xffa\\xfe\"\n\"foo@example.com, bar@x.org\"\n\"2026-11-24T10:00:00Z\"\n\"AbCaBc\"\n\"x=1;y=22;z\"\n\"-ab-axxb-\"\n\"tab\\there \\u00a0\\u2003\"")
	pools["pattern"] = lines("`[a-z]+`\n`([a-z])([0-9]*)`\n`(?P<n>\\d+)`\n`^a.c`\n`x*`\n``\n`a|ab`\n`(a)|(b)`\n`\\bfoo\\b`\n`\\Ba`\n`(?i)abc`\n`(?s)a.*c`\n`(?m)^c+$`\n`(?U)a+`\n`[^a-z]`\n`[[:alpha:]]+`\n`[[:^digit:]]+`\n`\\pL+`\n`\\p{Greek}|\\p{Han}`\n`\\P{L}`\n`\\p{^L}`\n`[\\pN\\s]+`\n`\\x41|\\x{1F600}`\n`\\Q.*\\E`\n`\\Qa.b`\n`\\A.|.\\z`\n`(?:a+)+`\n`a{2}`\n`a{1,2}?`\n`a{,2}`\n`a{2,}`\n`a{1001}`\n`a{2,1}`\n`a**`\n`a+*`\n`*a`\n`(`\n`)`\n`(a`\n`a)`\n`[a`\n`[]a]`\n`[]`\n`[z-a]`\n`[a-\\d]`\n`[[:foo:]]`\n`\\1`\n`\\8`\n`\\`\n`(?=a)`\n`(?!a)`\n`(?<n>a)`\n`(?P<n>a)(?P<n>b)`\n`(?P<1>a)`\n`(?P<>a)`\n`(?P=n)`\n`(?P<n`\n`(?i`\n`(?ix)a`\n`(?i-s:a.)`\n`(?-i)A`\n`(?z)`\n`(?`\n`\\pX`\n`\\p{Foo}`\n`\\p`\n`\\C`\n`\\Z`\n`\\G`\n`\\h`\n`\\R`\n`\\z`\n`\\a\\f\\t\\n\\r\\v`\n`\\01`\n`\\x`\n`\\x{110000}`\n`\\x{12`\n`\\xG1`\n`.`\n`(?s).`\n`\\d+\\D+\\s?\\S*\\w\\W`\n`[\\d\\-x]+`\n`[a-z&&[^b]]+`\n`[a-z--b]`\n`[a~~b]`\n`[[a]]`\n`a#b`\n`a\\ b`\n`\\-\\_`\n`\\é`\n`é+`\n`[é-世]`\n`$`\n`^`\n`^$`\n`(|a)*`\n`(|a)+`\n`()`\n`a||b`\n`(?:)`\n`x{0}`\n`x{0,1000}`\n`(x{100}){100}`\n`((a{100}){10}){1000}`\n`(?P<name>[^@,\\s]+)@(?P<host>[\\w.]+)`\n`\\d{4}-\\d\\d`\n`(?i)É`\n`(?i)k`\n`(?i)ſ`\n`[[:word:]]+`\n`\\pZ`\n`{`\n`}`\n`a{`\n`a{1`\n`a{x}`\n`a{-1}`\n`{1}`\n`|`\n`(?i)(?-i)a`\n`a(?i)b`\n`\\u0041`\n`\\N{x}`\n`\\K`\n`[\\b]`\n`[\\w-z]`\n`[a-]`\n`[-a]`\n`[a\\]b]`\n`\\<`\n`\\b{start}`\n`(?x)a b`\n`(?u)a`\n`(?R)`\n`(?#c)a`\n`\"\\xff\"`")
	pools["pattern"] = append(pools["pattern"][:len(pools["pattern"])-1], `"\xff"`, `"(\xff"`, "nil", "5")
}
