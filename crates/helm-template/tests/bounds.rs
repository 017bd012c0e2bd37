//! Small values and short texts that would never end, or fill all memory, are refused.

use helm_template::{Templates, Value};

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
