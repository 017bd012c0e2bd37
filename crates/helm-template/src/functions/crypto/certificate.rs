//! Certificates as Go's `x509.CreateCertificate` makes them.

use std::net::IpAddr;

use go_text_template::CallError;
use sha2::{Digest, Sha256};

use super::super::random;
use super::der::{self, Reader, id};
use super::keys::PrivateKey;
use crate::time::{Duration, Time, Zone};
use crate::world::World;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// To sign others.
    Authority,
    /// For a server or a client.
    End,
}

/// What is to be certified.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) common_name: Vec<u8>,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) names: Vec<String>,
    pub(super) days: i64,
    pub(super) role: Role,
}

impl Request {
    /// For a name alone.
    pub(super) fn new(common_name: &[u8], days: i64, role: Role) -> Self {
        let (addresses, names) = (Vec::new(), Vec::new());
        Self { common_name: common_name.to_vec(), addresses, names, days, role }
    }
}

/// The bytes are no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("x509: malformed certificate")]
pub(super) struct Malformed;

/// What is taken from the certificate of an authority.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    /// Its subject, encoded.
    subject: Vec<u8>,
    /// Its public key with its algorithm, encoded.
    public_key: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

impl Issuer {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::read(bytes).ok_or(Malformed)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut certificate = Reader::new(bytes).enter(der::SEQUENCE)?;
        let mut body = certificate.enter(der::SEQUENCE)?;
        certificate.expect(der::SEQUENCE)?;
        certificate.expect(der::BIT_STRING)?;
        let mut serial = body.next()?;
        if serial.tag == der::context(0) {
            serial = body.next()?;
        }
        if serial.tag != der::INTEGER {
            return None;
        }
        // The signature's algorithm, the issuer and the validity.
        for _ in 0..3 {
            body.expect(der::SEQUENCE)?;
        }
        let subject = body.expect(der::SEQUENCE)?.whole.to_vec();
        let public_key = body.expect(der::SEQUENCE)?.whole.to_vec();
        let mut key_id = None;
        while !body.is_empty() {
            let element = body.next()?;
            if element.tag != der::context(3) {
                continue;
            }
            let mut extensions = Reader::new(element.content).enter(der::SEQUENCE)?;
            while !extensions.is_empty() {
                let mut extension = extensions.enter(der::SEQUENCE)?;
                let name = extension.expect(der::OBJECT_ID)?.content;
                let mut value = extension.next()?;
                if value.tag != der::OCTET_STRING {
                    value = extension.next()?;
                }
                if name == id::SUBJECT_KEY {
                    key_id = Some(Reader::new(value.content).expect(der::OCTET_STRING)?.content.to_vec());
                }
            }
        }
        Some(Self { subject, public_key, key_id })
    }
}

/// Makes a certificate for a key, signed by another or by itself.
pub(super) fn issue(
    world: &dyn World,
    request: &Request,
    key: &PrivateKey,
    issuer: Option<&Issuer>,
    signing_key: &PrivateKey,
) -> Result<Vec<u8>, CallError> {
    let failed =
        |error: &dyn std::fmt::Display| CallError::new(format!("error creating certificate: {error}"));
    let (public_key, key_bits) = key.public().map_err(|error| failed(&error))?;
    let algorithm = signing_key.algorithm().map_err(|error| failed(&error))?;
    let (signing_public, _) = signing_key.public().map_err(|error| failed(&error))?;
    if issuer.is_some_and(|issuer| issuer.public_key != signing_public) {
        return Err(failed(&"x509: provided PrivateKey doesn't match parent's PublicKey"));
    }
    let subject = name(&request.common_name);
    let issuer_name = issuer.map_or(&subject, |issuer| &issuer.subject);
    let authority_id =
        issuer.filter(|issuer| issuer.subject != subject).and_then(|issuer| issuer.key_id.as_ref());
    let mut serial = [0; 16];
    random::fill(world, &mut serial)?;
    let extensions = extensions(request, &key_bits, authority_id.map(Vec::as_slice));
    let body = der::value(
        der::SEQUENCE,
        &[
            // Version 3 is written as 2.
            &der::value(der::context(0), &[&der::unsigned(&[2])]),
            &der::unsigned(&serial),
            &algorithm,
            issuer_name,
            &validity(world, request.days),
            &subject,
            &public_key,
            &der::value(der::context(3), &[&der::value(der::SEQUENCE, &[&extensions])]),
        ],
    );
    let signature = signing_key.sign(&body).map_err(|error| failed(&error))?;
    Ok(der::value(der::SEQUENCE, &[&body, &algorithm, &der::bits(&signature)]))
}

/// A name of nothing but a common name.
fn name(common_name: &[u8]) -> Vec<u8> {
    if common_name.is_empty() {
        return der::value(der::SEQUENCE, &[]);
    }
    let is_printable =
        common_name.iter().all(|&byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte));
    let tag = if is_printable { der::PRINTABLE_STRING } else { der::UTF8_STRING };
    let common_name = crate::unicode::mended(common_name);
    let attribute = der::value(
        der::SEQUENCE,
        &[&der::value(der::OBJECT_ID, &[id::COMMON_NAME]), &der::value(tag, &[common_name.as_bytes()])],
    );
    der::value(der::SEQUENCE, &[&der::value(der::SET, &[&attribute])])
}

/// From now on for so many days.
fn validity(world: &dyn World, days: i64) -> Vec<u8> {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000_000;
    let moment = world.now();
    let start = Time::new(moment.seconds, moment.nanoseconds, Zone::Utc);
    // Too many days wrap around, as in Go.
    let end = start.plus(Duration(DAY.wrapping_mul(days)));
    der::value(der::SEQUENCE, &[&time(&start), &time(&end)])
}

fn time(time: &Time) -> Vec<u8> {
    if (1950..2050).contains(&time.civil().year) {
        der::value(der::UTC_TIME, &[&time.format(b"060102150405Z")])
    } else {
        der::value(der::GENERALIZED_TIME, &[&time.format(b"20060102150405Z")])
    }
}

/// An extension, and whether those who do not know it must refuse the certificate.
fn extension(name: &[u8], critical: &[u8], value: &[u8]) -> Vec<u8> {
    der::value(
        der::SEQUENCE,
        &[&der::value(der::OBJECT_ID, &[name]), critical, &der::value(der::OCTET_STRING, &[value])],
    )
}

fn extensions(request: &Request, key_bits: &[u8], authority_id: Option<&[u8]>) -> Vec<u8> {
    let is_authority = request.role == Role::Authority;
    // Digital signature, key encipherment, and for authorities the signing of certificates.
    let usage: &[u8] = if is_authority { &[2, 0b1010_0100] } else { &[5, 0b1010_0000] };
    let purposes = [id::SERVER, id::CLIENT].map(|purpose| der::value(der::OBJECT_ID, &[purpose]));
    let constraints: &[&[u8]] = if is_authority { &[der::TRUE] } else { &[] };
    let mut out = [
        extension(id::KEY_USAGE, der::TRUE, &der::value(der::BIT_STRING, &[usage])),
        extension(id::EXTENDED_USAGE, &[], &der::value(der::SEQUENCE, &[&purposes[0], &purposes[1]])),
        extension(id::BASIC_CONSTRAINTS, der::TRUE, &der::value(der::SEQUENCE, constraints)),
    ]
    .concat();
    if is_authority {
        // RFC 7093: the first 160 bits of the key's SHA-256 sum.
        let sum = Sha256::digest(key_bits);
        out.extend(extension(id::SUBJECT_KEY, &[], &der::value(der::OCTET_STRING, &[&sum[..20]])));
    }
    if let Some(authority_id) = authority_id {
        let key_id = der::value(0x80, &[authority_id]);
        out.extend(extension(id::AUTHORITY_KEY, &[], &der::value(der::SEQUENCE, &[&key_id])));
    }
    let names = request.names.iter().map(|name| der::value(0x82, &[name.as_bytes()]));
    let addresses = request.addresses.iter().map(|address| match address {
        IpAddr::V4(address) => der::value(0x87, &[&address.octets()]),
        IpAddr::V6(address) => der::value(0x87, &[&address.octets()]),
    });
    let alternatives: Vec<u8> = names.chain(addresses).flatten().collect();
    if !alternatives.is_empty() {
        // Without a subject the alternatives are all there is.
        let critical: &[u8] = if request.common_name.is_empty() { der::TRUE } else { &[] };
        out.extend(extension(id::ALTERNATIVE_NAMES, critical, &der::value(der::SEQUENCE, &[&alternatives])));
    }
    out
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier;

    use super::super::keys::KeyKind;
    use super::*;
    use crate::world::System;

    #[test]
    fn a_signature_is_that_of_the_signing_key() {
        let key = PrivateKey::generate(&System, KeyKind::Ecdsa).expect("there is chance");
        let request = Request::new(b"ca", 1, Role::Authority);
        let certificate = issue(&System, &request, &key, None, &key).expect("it can be signed");
        let mut parts = Reader::new(&certificate).enter(der::SEQUENCE).expect("a sequence");
        let body = parts.next().expect("the body").whole;
        parts.next().expect("the algorithm");
        let bits = parts.expect(der::BIT_STRING).expect("the signature").content;
        let signature = p256::ecdsa::Signature::from_der(&bits[1..]).expect("it is a signature");
        let PrivateKey::Ecdsa(key) = key else { panic!("it is of that kind") };
        let public = p256::ecdsa::VerifyingKey::from(key.public_key());
        public.verify(body, &signature).expect("it verifies");
        let issuer = Issuer::parse(&certificate).expect("it is read back");
        assert_eq!(issuer.subject, name(b"ca"));
        assert_eq!(issuer.key_id.map(|id| id.len()), Some(20));
    }
}
