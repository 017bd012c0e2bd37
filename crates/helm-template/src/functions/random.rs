//! Chance, from the world.

use go_text_template::CallError;

use super::printing;
use crate::bytes::index;
use crate::declare::functions;
use crate::unicode::Characters;
use crate::world::World;

functions! {
    "randAlpha"(count: Int) -> Text = [world] rand_alpha, "Random letters.",
        example "{{ randAlpha 5 | len }}" => "5";
    "randNumeric"(count: Int) -> Text = [world] rand_numeric, "Random digits.",
        example "{{ randNumeric 5 | len }}" => "5";
    "randAlphaNum"(count: Int) -> Text = [world] rand_alpha_num, "Random letters and digits.",
        example "{{ randAlphaNum 5 | len }}" => "5";
    "randAscii"(count: Int) -> Text = [world] rand_ascii, "Random printable ASCII characters.",
        example "{{ randAscii 5 | len }}" => "5";
    "randBytes"(count: Int) -> Text = [world] rand_bytes, "Random bytes, in base 64.",
        fails "the count is negative", example "{{ randBytes 16 | len }}" => "24";
    "shuffle"(text: Text) -> Text = [world] shuffle, "The characters of a text in random order.",
        example r#"{{ shuffle "aaa" }}"# => "aaa";
    "uuidv4"() -> Text = [world] uuidv4, "A random UUID.", example "{{ uuidv4 | len }}" => "36";
}

/// A random number below `end`, each as likely as the others.
pub(super) fn below(world: &dyn World, end: u64) -> Result<u64, CallError> {
    // Numbers beyond the last multiple of `end` would make small results more likely.
    let fair = u64::MAX - u64::MAX % end;
    loop {
        let mut bytes = [0; 8];
        fill(world, &mut bytes)?;
        let number = u64::from_le_bytes(bytes);
        if number < fair {
            return Ok(number % end);
        }
    }
}

/// Fills bytes by chance.
pub(super) fn fill(world: &dyn World, bytes: &mut [u8]) -> Result<(), CallError> {
    world.fill_random(bytes).map_err(|refusal| CallError::new(refusal.to_string()))
}

/// Characters out of an alphabet; none for a negative count.
fn characters(world: &dyn World, count: i64, alphabet: &[u8]) -> Result<Vec<u8>, CallError> {
    let count = index(count);
    printing::check_size(count as u128)?;
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        let at = below(world, alphabet.len() as u64)?;
        out.extend(alphabet.get(usize::try_from(at).unwrap_or(0)));
    }
    Ok(out)
}

const LETTERS: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn rand_alpha(world: &dyn World, count: i64) -> Result<Vec<u8>, CallError> {
    characters(world, count, LETTERS)
}

fn rand_numeric(world: &dyn World, count: i64) -> Result<Vec<u8>, CallError> {
    characters(world, count, b"0123456789")
}

fn rand_alpha_num(world: &dyn World, count: i64) -> Result<Vec<u8>, CallError> {
    characters(world, count, LETTERS_AND_DIGITS)
}

fn rand_ascii(world: &dyn World, count: i64) -> Result<Vec<u8>, CallError> {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    characters(world, count, &printable)
}

fn rand_bytes(world: &dyn World, count: i64) -> Result<String, CallError> {
    let Ok(count) = usize::try_from(count) else {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    };
    printing::check_size(count as u128)?;
    let mut bytes = vec![0; count];
    fill(world, &mut bytes)?;
    Ok(super::encoding::b64enc(&bytes))
}

fn shuffle(world: &dyn World, text: &[u8]) -> Result<String, CallError> {
    let mut characters: Vec<char> = Characters(text).map(|(character, _)| character).collect();
    for last in (1..characters.len()).rev() {
        let other = below(world, last as u64 + 1)?;
        characters.swap(last, usize::try_from(other).unwrap_or(last));
    }
    Ok(characters.into_iter().collect())
}

fn uuidv4(world: &dyn World) -> Result<String, CallError> {
    let mut bytes = [0; 16];
    fill(world, &mut bytes)?;
    // RFC 9562: version 4, variant 10.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}
