//! Names and labels made from what users write: valid for any string, and never two of the same.
//!
//! Kubernetes allows only DNS labels as names of these objects and a short alphabet in label values
//! (see "Object Names and IDs" and "Labels and Selectors" in its documentation). The original strings are
//! kept in annotations; nothing is read back from a name.

use crate::chance;

/// The most that a label value and a DNS label may hold, in bytes.
const LABEL_MAX: usize = 63;
/// The random part that the API server adds to `generateName`.
const GENERATED_SUFFIX: usize = 5;
/// What it is made of: no vowels, so no words; nothing that looks like something else.
const SUFFIX_LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// What a Service's name begins with: before Kubernetes 1.36 it may not begin with a digit.
const SERVICE_PREFIX: &str = "svc-";
/// Length of a digest as [`digest`] writes it.
const DIGEST: usize = 32;
/// Users with long names leave room for the job's own.
const USER_MAX: usize = 24;

/// `metadata.generateName` for a job: begins with the user's and the job's name as far as they can be
/// written in a DNS label, and leaves room for the five characters of the API server, for the Service's
/// prefix too.
///
/// ```
/// use kubernetes_backend::names::generate_name;
/// assert_eq!(generate_name("mara", "Nightly fit"), "mara-nightly-fit-");
/// assert_eq!(generate_name("", "日本"), "job-");
/// ```
pub fn generate_name(user: &str, name: &str) -> String {
    let longest = LABEL_MAX - GENERATED_SUFFIX - SERVICE_PREFIX.len();
    let user = dns_label(user, USER_MAX);
    let name = dns_label(name, longest - 1);
    let mut joined = match (user.is_empty(), name.is_empty()) {
        (true, true) => "job".to_owned(),
        (true, false) => name,
        (false, true) => user,
        (false, false) => format!("{user}-{name}"),
    };
    joined.truncate(longest - 1);
    let mut joined = joined.trim_end_matches('-').to_owned();
    joined.push('-');
    joined
}

/// A name as the API server makes it from `generateName`: with five characters that spell no words.
pub(crate) fn generated(prefix: &str) -> String {
    let mut name: String = prefix.chars().take(LABEL_MAX - GENERATED_SUFFIX).collect();
    name.extend((0..GENERATED_SUFFIX).map(|_| chance::one_of(SUFFIX_LETTERS)));
    name
}

/// The name of a job's Service: one for each job id, so that it can be made only once.
pub fn service_name(job_id: &str) -> String {
    let plain = format!("{SERVICE_PREFIX}{job_id}");
    if plain.len() <= LABEL_MAX {
        return plain;
    }
    let room = LABEL_MAX - SERVICE_PREFIX.len() - DIGEST - 1;
    let start = dns_label(job_id, room);
    format!("{SERVICE_PREFIX}{start}-{}", digest(job_id))
}

/// A label value that stands for `text`: the text itself where it is valid, else a readable start and a digest.
pub fn label_value(text: &str) -> String {
    if is_label_value(text) && !looks_digested(text) {
        return text.to_owned();
    }
    let start: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(LABEL_MAX - DIGEST - 1)
        .collect();
    let start = start.trim_matches('-');
    if start.is_empty() { digest(text) } else { format!("{start}-{}", digest(text)) }
}

/// A container's name inside a pod: `init-0-` and so much of `wish` as fits, different for each `index`.
pub fn init_container_name(index: usize, wish: &str) -> String {
    let prefix = format!("init-{index}");
    let rest = dns_label(wish, LABEL_MAX - prefix.len() - 1);
    if rest.is_empty() { prefix } else { format!("{prefix}-{rest}") }
}

/// `text` in lower case, everything but letters and digits as single hyphens, none at either end.
fn dns_label(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(longest);
    for c in text.chars() {
        if out.len() >= longest {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

fn is_label_value(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.is_empty()
        || (text.len() <= LABEL_MAX
            && edge(text.chars().next())
            && edge(text.chars().next_back())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

/// Whether a valid value ends as a digested one does: then it is digested itself, so the two never meet.
fn looks_digested(text: &str) -> bool {
    text.len() >= DIGEST
        && text.as_bytes()[text.len() - DIGEST..]
            .iter()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
}

/// FNV-1a of 128 bits: spreads names well; it is no protection against someone who looks for a collision,
/// who could only hide his own jobs from himself.
fn digest(text: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_dns_label(text: &str) -> bool {
        !text.is_empty()
            && text.len() <= LABEL_MAX
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }

    #[test]
    fn names_stay_readable() {
        assert_eq!(generate_name("mara", "Nightly fit"), "mara-nightly-fit-");
        assert_eq!(generate_name("", ""), "job-");
        assert_eq!(generate_name("--", "…"), "job-");
        assert_eq!(generate_name("Jörg.M", "{{ x }}"), "j-rg-m-x-");
        assert_eq!(service_name("mara-fit-x7k2p"), "svc-mara-fit-x7k2p");
        assert_eq!(init_container_name(0, "Fetch data!"), "init-0-fetch-data");
    }

    #[test]
    fn a_value_that_looks_like_a_digested_one_is_digested() {
        let digested = label_value("no spaces allowed");
        assert_ne!(label_value(&digested), digested);
    }

    proptest! {
        #[test]
        fn any_user_and_name_make_a_valid_job_name(user in any::<String>(), name in any::<String>()) {
            let generated = generate_name(&user, &name);
            let complete = format!("{generated}x7k2p");
            prop_assert!(is_dns_label(&complete), "{complete}");
            prop_assert!(is_dns_label(&service_name(&complete)));
            prop_assert_eq!(service_name(&complete), format!("svc-{complete}"));
        }

        #[test]
        fn any_job_id_makes_a_valid_service_name(id in "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?") {
            prop_assert!(is_dns_label(&service_name(&id)), "{}", service_name(&id));
        }

        #[test]
        fn two_job_ids_never_share_a_service(start in "[a-z0-9]{40,58}", a in "[a-z0-9]{5}", b in "[a-z0-9]{5}") {
            prop_assume!(a != b);
            prop_assert_ne!(service_name(&format!("{start}{a}")), service_name(&format!("{start}{b}")));
        }

        #[test]
        fn any_text_makes_a_valid_label_value_and_no_other_text_makes_the_same(a in any::<String>(), b in any::<String>()) {
            prop_assert!(is_label_value(&label_value(&a)));
            prop_assert!(is_label_value(&label_value(&b)));
            prop_assert_eq!(a == b, label_value(&a) == label_value(&b));
        }

        #[test]
        fn init_containers_have_valid_and_different_names(wish in any::<String>(), other in any::<String>()) {
            prop_assert!(is_dns_label(&init_container_name(7, &wish)));
            prop_assert_ne!(init_container_name(1, &wish), init_container_name(11, &other));
        }
    }
}
