//! The known name nearest to one that is unknown.

/// The nearest of `known`, if it is near enough to be what was meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let length = name.chars().count();
    if length == 0 || length > 64 {
        return None;
    }
    let farthest = (length / 3).max(1);
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= 256 && *candidate != name)
        // Each character more or less is a change of its own.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= farthest)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= farthest)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate.to_owned())
}

pub(crate) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// Characters to insert, delete, replace or swap with their neighbour; letter case does not count.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_offered() {
        let known = ["upper", "lower", "trunc"];
        assert_eq!(nearest("uper", known).as_deref(), Some("upper"));
        assert_eq!(nearest("Upper", known).as_deref(), Some("upper"));
        assert_eq!(nearest("rtunc", known).as_deref(), Some("trunc"));
        assert_eq!(nearest("something", known), None);
    }
}
