//! Kubernetes rewrites `$(NAME)` and `$$` in a container's command, arguments and environment values.
//!
//! A user's text is data: it must reach the process as it was written. So `$$` and `$(` are doubled on the
//! way in, and read back the way the kubelet does when no variable is known.
//! Source: the fields `command`, `args` and `env[].value` of Kubernetes' Container reference.

/// Text that the kubelet turns into `text`.
///
/// ```
/// use kubernetes_backend::objects::expansion::{escape, unescape};
/// assert_eq!(escape("echo $HOME $$ $(date)"), "echo $HOME $$$ $$(date)");
/// assert_eq!(unescape("echo $HOME $$$ $$(date)"), "echo $HOME $$ $(date)");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '$' && matches!(chars.peek(), Some('$' | '(')) {
            out.push('$');
        }
    }
    out
}

/// What the kubelet makes of `text` where no variable is known.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '$' && chars.peek() == Some(&'$') {
            chars.next();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The kubelet's algorithm with no variables, written down independently: at a `$`, look at the next
    /// character; `$` is a plain `$`, an unknown `(NAME)` stays, anything else stays.
    fn kubelet(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        while at < chars.len() {
            if chars[at] == '$' && at + 1 < chars.len() {
                match chars[at + 1] {
                    '$' => out.push('$'),
                    other => {
                        out.push('$');
                        out.push(other);
                    }
                }
                at += 2;
            } else {
                out.push(chars[at]);
                at += 1;
            }
        }
        out
    }

    /// Whether any `$(…)` would be looked up as a variable.
    fn looks_up_a_variable(text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at + 1 < chars.len() {
            if chars[at] == '$' {
                if chars[at + 1] == '(' {
                    return true;
                }
                at += 2;
            } else {
                at += 1;
            }
        }
        false
    }

    proptest! {
        #[test]
        fn the_process_sees_what_the_user_wrote(text in "[$(){}a ]{0,24}") {
            prop_assert_eq!(kubelet(&escape(&text)), text.clone());
            prop_assert_eq!(unescape(&escape(&text)), text.clone());
            prop_assert!(!looks_up_a_variable(&escape(&text)));
        }
    }
}
