//! "Did you mean …?": the known word most like a mistyped one.

/// The candidate nearest to `word`, if it is near enough to be a likely slip: at most one edit for every three
/// characters, at least one.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    let word = word.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
