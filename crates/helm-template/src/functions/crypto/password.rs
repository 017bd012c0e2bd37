//! Passwords: derived ones, and bcrypt.

use bcrypt::Version;
use go_text_template::CallError;
use hmac::{Hmac, KeyInit, Mac};
use scrypt::Params;
use sha2::Sha256;

use super::super::random;
use crate::world::World;

/// What the salt of every derived password begins with.
const SEED: &[u8] = b"com.lyndir.masterpassword";

/// The shapes of passwords of a kind: each letter stands for a set of characters.
fn shapes(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

/// The characters that a letter of a shape stands for.
fn characters(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm.
pub(super) fn derive(
    counter: u32,
    kind: &[u8],
    password: &[u8],
    user: &[u8],
    site: &[u8],
) -> Result<String, CallError> {
    let Some(shapes) = shapes(kind) else {
        return Ok(format!("cannot find password template {}", String::from_utf8_lossy(kind)));
    };
    let failed = |_| CallError::new("failed to derive password");
    let salt = [SEED, &length(user), user].concat();
    let mut key = [0; 64];
    // 2^15 rounds, blocks of 8, twice.
    let params = Params::new(15, 8, 2).map_err(|_| CallError::new("failed to derive password"))?;
    scrypt::scrypt(password, &salt, &params, &mut key).map_err(failed)?;
    let message = [SEED, &length(site), site, &counter.to_be_bytes()].concat();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&key).map_err(|_| CallError::new("failed to derive password"))?;
    mac.update(&message);
    let seed = mac.finalize().into_bytes();
    let (first, rest) = seed.split_first().ok_or_else(|| CallError::new("failed to derive password"))?;
    let shape = shapes[usize::from(*first) % shapes.len()];
    let chosen = shape.bytes().zip(rest).map(|(letter, &number)| {
        let characters = characters(letter);
        char::from(characters[usize::from(number) % characters.len()])
    });
    Ok(chosen.collect())
}

fn length(text: &[u8]) -> [u8; 4] {
    (text.len() as u32).to_be_bytes()
}

/// The hash of a password, of Go's cost and version; a reason when it is too long.
pub(super) fn bcrypt(world: &dyn World, password: &[u8]) -> Result<String, CallError> {
    const COST: u32 = 10;
    const MOST_BYTES: usize = 72;
    if password.len() > MOST_BYTES {
        let reason = "bcrypt: password length exceeds 72 bytes";
        return Ok(format!("failed to encrypt string with bcrypt: {reason}"));
    }
    let mut salt = [0; 16];
    random::fill(world, &mut salt)?;
    match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => Ok(parts.format_for_version(Version::TwoA)),
        Err(error) => Ok(format!("failed to encrypt string with bcrypt: {error}")),
    }
}
