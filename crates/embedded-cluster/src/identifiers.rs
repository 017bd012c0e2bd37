//! Random identifiers: uids, the ends of generated names, tokens.

/// Characters of a generated name's end: no vowels, nothing that looks alike.
const NAME_CHARACTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// Random characters at the end of a generated name.
const SUFFIX_LENGTH: usize = 5;
/// The longest name that `generateName` makes.
const MAX_GENERATED: usize = 63;

/// `count` random bytes.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        // The system has no entropy source: uniqueness within this process is all that is promised then.
        let count = FALLBACK.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for (byte, part) in bytes.iter_mut().zip(count.to_le_bytes().iter().cycle()) {
            *byte = *part;
        }
    }
    bytes
}

static FALLBACK: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

/// A version 4 UUID.
pub(crate) fn uid() -> String {
    let mut bytes = random_bytes::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Five random characters as they end generated names.
pub(crate) fn name_suffix() -> String {
    random_bytes::<SUFFIX_LENGTH>()
        .iter()
        .map(|byte| char::from(NAME_CHARACTERS[usize::from(*byte) % NAME_CHARACTERS.len()]))
        .collect()
}

/// `prefix` (cut so that the whole has at most 63 characters) and five random characters.
pub(crate) fn generated_name(prefix: &str) -> String {
    let mut name: String = prefix.chars().take(MAX_GENERATED - SUFFIX_LENGTH).collect();
    name.push_str(&name_suffix());
    name
}
