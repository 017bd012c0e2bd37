//! Small values and short texts that would never end, or fill all memory, are refused.

use helm_template::{Limits, Templates, Value};

fn rendered(template: &str) -> Result<String, String> {
    let mut templates = Templates::new();
    templates.add("t", template).expect("the template parses");
    templates.render("t", &Value::Nil).map_err(|error| error.to_string())
}

/// `$x` is a list with 2^40 values, if each is counted as often as it occurs.
const UNFOLDING: &str = "{{ $x := list 1 }}{{ range 40 }}{{ $x = list $x $x }}{{ end }}";

#[test]
fn values_that_unfold_without_end_are_refused() {
    let error = rendered(&format!("{UNFOLDING}{{{{ deepCopy $x | len }}}}")).expect_err("it is too large");
    assert!(error.ends_with("more than 16777216 values, counting each as often as it occurs"), "{error}");
    let text = "toml: more than 33554432 values, counting each as often as it occurs";
    assert_eq!(rendered(&format!("{UNFOLDING}{{{{ toToml (dict \"x\" $x) }}}}")).as_deref(), Ok(text));
}

#[test]
fn texts_that_would_become_too_long_or_fall_into_too_many_parts_are_refused() {
    let long = "{{ $t := repeat 67108864 \"a\" }}";
    for (call, expected) in [
        ("cat $t $t $t $t", "output exceeds the limit of 268435456 bytes"),
        ("regexReplaceAll \"a{9}\" (trunc 99999 $t) $t", "output exceeds the limit of 268435456 bytes"),
        ("splitList \"\" (trunc 16777300 $t)", "the text has more parts than the limit of 16777216"),
    ] {
        let error = rendered(&format!("{long}{{{{ {call} | len }}}}")).expect_err(call);
        assert!(error.ends_with(expected), "{call}: {error}");
    }
}

#[test]
fn a_text_that_almost_is_everywhere_is_looked_for_in_no_time() {
    // A search that begins anew at each place compares 10^11 bytes here.
    let template =
        r#"{{ $t := repeat 2000000 "a" }}{{ $p := print (repeat 100000 "a") "b" }}{{ contains $p $t }}"#;
    assert_eq!(rendered(template).as_deref(), Ok("false"));
}

#[test]
fn what_a_template_makes_beside_its_output_is_refused_beyond_a_bound() {
    for template in [
        "{{ $all := list }}{{ range 100000 }}{{ $all = append $all (repeat 1000000 `a`) }}{{ end }}",
        "{{ $all := list }}{{ range 100000 }}{{ $all = append $all (until 1000000) }}{{ end }}",
        "{{ $all := dict }}{{ range 1000000000 }}{{ $_ := set $all (toString .) . }}{{ end }}",
    ] {
        let mut templates = Templates::new();
        templates.add("t", template).expect("the template parses");
        let templates = templates.with_limits(Limits { made: 32 << 20, ..Limits::default() });
        let error = templates.render("t", &Value::Nil).expect_err(template).to_string();
        assert!(
            error.ends_with("exceeded maximum of 33554432 bytes that functions make"),
            "{template}: {error}"
        );
    }
}

#[test]
fn plain_values_are_told_apart_without_comparing_each_with_all() {
    assert_eq!(rendered("{{ uniq (until 200000) | len }}").as_deref(), Ok("200000"));
    let mixed =
        r#"{{ uniq (list 1 1.0 "1" nil true 1 (list 1) "1" 1.0 nil (list 1) true (int64 1)) | len }}"#;
    assert_eq!(rendered(mixed).as_deref(), Ok("7"));
}
