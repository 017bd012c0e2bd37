//! `$(NAME)` in a container's command, arguments and environment.

/// Replaces `$(NAME)` by what `value_of` knows of it; an unknown one stays as it is. `$$` becomes `$`, so `$$(NAME)`
/// is a way to write `$(NAME)`. A `$` before anything else stays. (Kubernetes: "Define dependent environment
/// variables".)
pub(super) fn expand<'a>(text: &str, value_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        expanded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            expanded.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            match value_of(name) {
                Some(value) => expanded.push_str(value),
                None => {
                    expanded.push_str("$(");
                    expanded.push_str(name);
                    expanded.push(')');
                }
            }
            rest = after;
        } else {
            expanded.push('$');
        }
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_as_a_kubelet_replaces_them() {
        for (text, expected) in [
            ("plain", "plain"),
            ("$(A)", "1"),
            ("x$(A)y$(A)", "x1y1"),
            ("$(NONE)", "$(NONE)"),
            ("$$(A)", "$(A)"),
            ("$$$(A)", "$1"),
            ("$$$$(A)", "$$(A)"),
            ("$A ${A} $", "$A ${A} $"),
            ("$(A", "$(A"),
            ("$(B)", "$(A)"),
            ("ä$(A)é", "ä1é"),
        ] {
            let value_of = |name: &str| match name {
                "A" => Some("1"),
                "B" => Some("$(A)"),
                _ => None,
            };
            assert_eq!(expand(text, value_of), expected, "{text:?}");
        }
    }
}
