//! How two answers compare, and how they are shown.

use helm_template::batch::Answer;

/// Whether two answers say the same. Bytes of an error that are no text come as one or as several U+FFFD.
pub(crate) fn is_same(one: &Answer, other: &Answer) -> bool {
    one.output.as_deref().unwrap_or_default() == other.output.as_deref().unwrap_or_default()
        && match (&one.error, &other.error) {
            (Some(one), Some(other)) => one == other || without_repeats(one) == without_repeats(other),
            (None, None) => true,
            _ => false,
        }
}

fn without_repeats(text: &str) -> String {
    const REPLACED: char = char::REPLACEMENT_CHARACTER;
    let mut last = None;
    let is_repeat = |&c: &char| last.replace(c) == Some(REPLACED) && c == REPLACED;
    let mut is_repeat = is_repeat;
    text.chars().filter(|c| !is_repeat(c)).collect()
}

/// What of an error's text is the same for all errors of its sort: the words, without places, names and numbers.
pub(crate) fn sort_of_error(error: &str) -> String {
    let last = error.rsplit_once(">: ").map_or(error, |(_, last)| last);
    let last = last
        .strip_prefix("error calling ")
        .map_or(last, |call| call.split_once(": ").map_or(call, |(_, why)| why));
    let last =
        last.strip_prefix("template: ").map_or(last, |rest| rest.splitn(3, ':').last().unwrap_or(rest));
    let mut sort = String::new();
    let mut quote = None;
    for c in last.chars().take(120) {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if c == '"' || c == '`' => {
                quote = Some(c);
                sort.push('…');
            }
            None if c.is_ascii_digit() => {
                if !sort.ends_with('0') {
                    sort.push('0');
                }
            }
            None => sort.push(c),
        }
    }
    sort.trim().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_one_sort_look_alike() {
        for (error, sort) in [
            (
                "template: job.tpl:1:3: executing \"job.tpl\" at <upper 5>: wrong type; got int64",
                "wrong type; got int0",
            ),
            (
                "template: job.tpl:1:3: executing \"job.tpl\" at <f \"a\">: error calling f: no \"a\" 12",
                "no … 0",
            ),
            ("template: job.tpl:1: function \"f\" not defined", "function … not defined"),
        ] {
            assert_eq!(sort_of_error(error), sort);
        }
    }

    #[test]
    fn answers_are_the_same_though_broken_text_is_replaced_more_often() {
        let answer = |error: &str| Answer { output: Some(Vec::new()), error: Some(error.to_owned()) };
        assert!(is_same(&answer("a\u{fffd}\u{fffd}b"), &answer("a\u{fffd}b")));
        assert!(!is_same(&answer("aab"), &answer("ab")));
    }
}
