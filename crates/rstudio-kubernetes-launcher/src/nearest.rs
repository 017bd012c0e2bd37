//! "Did you mean …?": the known word most like a mistyped one.

/// The option or key nearest to `word`, in which an underscore may stand for a hyphen, if it is a likely slip.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    kubernetes_backend::nearest(&word.replace('_', "-"), candidates)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_word_and_another_word_finds_nothing() {
        let words = ["api-url", "auth-token", "kubernetes-namespace"];
        for (typed, meant) in [
            ("kubernetes-namspace", Some("kubernetes-namespace")),
            ("API_URL", Some("api-url")),
            ("auth-tokne", Some("auth-token")),
            ("token", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }
}
