//! Filling in the files that the daemons read.

/// Puts each value in the place of its `@NAME@`.
pub(crate) fn render(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// The first `@NAME@` that is left in a text.
#[cfg(test)]
pub(crate) fn left_over(text: &str) -> Option<&str> {
    text.split('@').skip(1).find(|piece| {
        !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_filled() {
        let text = render("a: @ONE@/@TWO@\nb: @ONE@\n", &[("ONE", "1"), ("TWO", "2")]);
        assert_eq!(text, "a: 1/2\nb: 1\n");
        assert_eq!(left_over(&text), None);
        assert_eq!(left_over("a: @ONE@"), Some("ONE"));
    }
}
