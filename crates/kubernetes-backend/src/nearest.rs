//! "Did you mean …?" for names that were mistyped.

/// The candidate that a name was most likely meant to be: at most one edit for every three characters, at least one.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let typed = name.to_lowercase();
    let near = candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed);
    near.min().map(|(_, candidate)| candidate)
}
