//! Texts that follow from the definitions of the options: the help, the reference page, the sample files, the shells'
//! completion scripts.

pub mod completion;
pub mod help;
pub mod reference;
pub mod sample;

use std::borrow::Cow;

use crate::option::{AnyOption, Group, Support};

/// The options of a group, in order.
fn options_of(group: Group) -> impl Iterator<Item = &'static dyn AnyOption> {
    crate::option::all().filter(move |option| option.definition().group == group)
}

/// What is to be said of an option that is not acted upon.
fn remark(support: Support) -> Option<Cow<'static, str>> {
    match support {
        Support::Served => None,
        Support::Ignored(why) => Some(format!("ignored: {why}").into()),
    }
}

/// A summary as a sentence of its own.
fn sentence(summary: &str) -> String {
    let mut characters = summary.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// Breaks a text into lines of at most `width` characters, at its spaces.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
