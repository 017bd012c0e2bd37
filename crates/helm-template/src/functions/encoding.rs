//! Base 64 and base 32, and sums. What cannot be decoded gives the reason as text.

use adler2::adler32_slice;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::declare::functions;

functions! {
    "b64enc"(text: Text) -> Text = b64enc, "A text in base 64.", example r#"{{ b64enc "hello" }}"# => "aGVsbG8=";
    "b64dec"(text: Text) -> Text = b64dec, "The text in a base 64 text.",
        example r#"{{ b64dec "aGVsbG8=" }}"# => "hello";
    "b32enc"(text: Text) -> Text = b32enc, "A text in base 32.", example r#"{{ b32enc "hi" }}"# => "NBUQ====";
    "b32dec"(text: Text) -> Text = b32dec, "The text in a base 32 text.",
        example r#"{{ b32dec "NBUQ====" }}"# => "hi";
    "sha1sum"(text: Text) -> Text = sha1sum, "The SHA-1 sum, in hexadecimal.",
        example r#"{{ sha1sum "abc" }}"# => "a9993e364706816aba3e25717850c26c9cd0d89d";
    "sha256sum"(text: Text) -> Text = sha256sum, "The SHA-256 sum, in hexadecimal.",
        example r#"{{ sha256sum "abc" | trunc 8 }}"# => "ba7816bf";
    "sha512sum"(text: Text) -> Text = sha512sum, "The SHA-512 sum, in hexadecimal.",
        example r#"{{ sha512sum "abc" | trunc 8 }}"# => "ddaf35a1";
    "adler32sum"(text: Text) -> Text = adler32sum, "The Adler-32 sum, in decimal.",
        example r#"{{ adler32sum "abc" }}"# => "38600999";
}

/// A byte that is not of the alphabet, or not where it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("illegal base{bits} data at input byte {at}", bits = if *.is_base64 { 64 } else { 32 })]
pub(crate) struct CorruptInput {
    is_base64: bool,
    at: usize,
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An alphabet, and how many digits make a group.
struct Alphabet {
    digits: &'static [u8],
    bits: u32,
    group: usize,
}

const B64: Alphabet = Alphabet { digits: BASE64, bits: 6, group: 4 };
const B32: Alphabet = Alphabet { digits: BASE32, bits: 5, group: 8 };

impl Alphabet {
    fn encode(&self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len() * 8 / self.bits as usize + self.group);
        let (mut held, mut count) = (0u32, 0);
        for &byte in bytes {
            held = held << 8 | u32::from(byte);
            count += 8;
            while count >= self.bits {
                count -= self.bits;
                out.push(self.digit(held >> count));
                held &= (1 << count) - 1;
            }
        }
        if count > 0 {
            out.push(self.digit(held << (self.bits - count)));
        }
        while !out.len().is_multiple_of(self.group) {
            out.push('=');
        }
        out
    }

    fn digit(&self, number: u32) -> char {
        char::from(self.digits[number as usize % self.digits.len()])
    }

    fn corrupt(&self, at: usize) -> CorruptInput {
        CorruptInput { is_base64: self.bits == 6, at }
    }

    fn value(&self, byte: u8) -> Option<u32> {
        let at = self.digits.iter().position(|&digit| digit == byte)?;
        u32::try_from(at).ok()
    }

    /// How many bytes a last group of so many digits holds, if there is such a group.
    fn bytes_of(&self, digits: usize) -> Option<usize> {
        let bits = digits * self.bits as usize;
        // Fewer bits than a digit are left over, or the last digit would be of no use.
        (bits % 8 < self.bits as usize).then_some(bits / 8).filter(|&bytes| bytes > 0)
    }
}

/// Bytes in base 64.
pub(crate) fn b64enc(bytes: &[u8]) -> String {
    B64.encode(bytes)
}

fn b32enc(bytes: &[u8]) -> String {
    B32.encode(bytes)
}

/// Go's standard decoder of base 64: line breaks are skipped, padding must be there.
pub(crate) fn decode64(text: &[u8]) -> Result<Vec<u8>, CorruptInput> {
    let alphabet = &B64;
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    while at < text.len() {
        let (mut held, mut digits) = (0u32, 0);
        while digits < 4 {
            let Some(&byte) = text.get(at) else {
                if digits == 0 {
                    return Ok(out);
                }
                return Err(alphabet.corrupt(at - digits));
            };
            at += 1;
            if matches!(byte, b'\n' | b'\r') {
                continue;
            }
            if let Some(value) = alphabet.value(byte) {
                held = held << 6 | value;
                digits += 1;
                continue;
            }
            if byte != b'=' || digits < 2 {
                return Err(alphabet.corrupt(at - 1));
            }
            // Padding ends the text: two for two digits, one for three; only line breaks may follow.
            let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
            let skip = |at: usize| at + text[at..].iter().take_while(|byte| is_break(byte)).count();
            if digits == 2 {
                at = skip(at);
                match text.get(at) {
                    None => return Err(alphabet.corrupt(text.len())),
                    Some(b'=') => at += 1,
                    Some(_) => return Err(alphabet.corrupt(at - 1)),
                }
            }
            at = skip(at);
            if at < text.len() {
                return Err(alphabet.corrupt(at));
            }
            let bytes = (held << (6 * (4 - digits))).to_be_bytes();
            out.extend_from_slice(&bytes[1..digits]);
            return Ok(out);
        }
        out.extend_from_slice(&held.to_be_bytes()[1..]);
    }
    Ok(out)
}

/// Go's standard decoder of base 32, which drops line breaks before it counts.
fn decode32(text: &[u8]) -> Result<Vec<u8>, CorruptInput> {
    let alphabet = &B32;
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut rest = &text[..];
    while !rest.is_empty() {
        let mut digits = 0;
        let mut held = 0u64;
        let mut is_end = false;
        while digits < alphabet.group {
            let at = text.len() - rest.len();
            let Some((&byte, after)) = rest.split_first() else {
                return Err(alphabet.corrupt(text.len() - digits));
            };
            rest = after;
            if byte == b'=' && digits >= 2 && rest.len() < 8 {
                let missing = alphabet.group - digits - 1;
                if rest.len() < missing {
                    return Err(alphabet.corrupt(text.len()));
                }
                if let Some(wrong) = rest[..missing].iter().position(|&byte| byte != b'=') {
                    return Err(alphabet.corrupt(at + wrong));
                }
                if alphabet.bytes_of(digits).is_none() {
                    return Err(alphabet.corrupt(at));
                }
                is_end = true;
                break;
            }
            match alphabet.value(byte) {
                Some(value) => held = held << 5 | u64::from(value),
                None => return Err(alphabet.corrupt(at)),
            }
            digits += 1;
        }
        let bytes = (held << (5 * (alphabet.group - digits))).to_be_bytes();
        let count = alphabet.bytes_of(digits).unwrap_or(0);
        out.extend_from_slice(&bytes[3..3 + count]);
        if is_end {
            break;
        }
    }
    Ok(out)
}

fn b64dec(text: &[u8]) -> Vec<u8> {
    decode64(text).unwrap_or_else(|error| error.to_string().into_bytes())
}

fn b32dec(text: &[u8]) -> Vec<u8> {
    decode32(text).unwrap_or_else(|error| error.to_string().into_bytes())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha1sum(text: &[u8]) -> String {
    hexadecimal(&Sha1::digest(text))
}

fn sha256sum(text: &[u8]) -> String {
    hexadecimal(&Sha256::digest(text))
}

fn sha512sum(text: &[u8]) -> String {
    hexadecimal(&Sha512::digest(text))
}

fn adler32sum(text: &[u8]) -> String {
    adler32_slice(text).to_string()
}
