//! Private keys: made, read and written as PEM, and signing.

use ed25519_dalek::Signer as _;
use go_text_template::CallError;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::EncodePublicKey;
use rsa::{Pkcs1v15Sign, PrivateKey as RsaKey};
use sha2::{Digest, Sha256};

use super::super::random;
use super::der::{self, Reader, id};
use super::pem;
use crate::world::World;

/// A private key. Those of DSA are only kept: they cannot sign certificates.
pub(super) enum PrivateKey {
    Rsa(Box<RsaKey>),
    Ecdsa(p256::SecretKey),
    Ed25519(ed25519_dalek::SigningKey),
    /// As OpenSSL writes it.
    Dsa(Vec<u8>),
}

/// What key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa { bits: usize },
    Dsa,
    Ecdsa,
    Ed25519,
}

/// A text that holds no private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    #[error("no PEM data in input")]
    NoPem,
    #[error("no private key data in PEM block of type {0}")]
    NoKey(String),
    #[error("invalid private key type {0}")]
    UnknownKind(String),
    #[error("decoding PEM as PKCS#8: x509: failed to parse the key, or not one of RSA, P-256 and Ed25519")]
    Pkcs8,
    #[error("parsing RSA private key from PEM: x509: failed to parse the key")]
    Rsa,
    #[error("parsing EC private key from PEM: x509: failed to parse the key, or not one of P-256")]
    Ec,
    #[error("parsing DSA private key from PEM: asn1: structure error")]
    Dsa,
}

/// The key has no signature for certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignError {
    #[error("x509: certificate private key does not implement crypto.Signer")]
    Dsa,
    #[error("the key refused to sign")]
    Refused,
}

/// Random numbers for the makers of keys, seeded by the world.
fn generator(world: &dyn World) -> Result<ChaCha20Rng, CallError> {
    let mut seed = [0; 32];
    random::fill(world, &mut seed)?;
    Ok(ChaCha20Rng::from_seed(seed))
}

impl PrivateKey {
    pub(super) fn generate(world: &dyn World, kind: KeyKind) -> Result<Self, CallError> {
        let failed = |error: String| CallError::new(format!("failed to generate private key: {error}"));
        match kind {
            KeyKind::Rsa { bits } => {
                let key =
                    RsaKey::new(&mut generator(world)?, bits).map_err(|error| failed(error.to_string()))?;
                Ok(Self::Rsa(Box::new(key)))
            }
            KeyKind::Ecdsa => loop {
                let mut bytes = [0; 32];
                random::fill(world, &mut bytes)?;
                // Nearly all numbers are keys.
                if let Ok(key) = p256::SecretKey::from_slice(&bytes) {
                    return Ok(Self::Ecdsa(key));
                }
            },
            KeyKind::Ed25519 => {
                let mut bytes = [0; 32];
                random::fill(world, &mut bytes)?;
                Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&bytes)))
            }
            KeyKind::Dsa => {
                let mut numbers = generator(world)?;
                let size = dsa::KeySize::DSA_2048_256;
                let components = dsa::Components::try_generate_from_rng_with_key_size(&mut numbers, size)
                    .map_err(|error| failed(error.to_string()))?;
                let key = dsa::SigningKey::try_generate_from_rng_with_components(&mut numbers, components)
                    .map_err(|error| failed(error.to_string()))?;
                let public = key.verifying_key();
                let parts = [
                    der::unsigned(&[]),
                    der::unsigned(&public.components().p().to_be_bytes()),
                    der::unsigned(&public.components().q().to_be_bytes()),
                    der::unsigned(&public.components().g().to_be_bytes()),
                    der::unsigned(&public.y().to_be_bytes()),
                    der::unsigned(&key.x().to_be_bytes()),
                ];
                Ok(Self::Dsa(der::value(der::SEQUENCE, &parts.each_ref().map(Vec::as_slice))))
            }
        }
    }

    /// Reads the first block of a text.
    pub(super) fn parse_pem(text: &[u8]) -> Result<Self, KeyError> {
        let block = pem::first(text).ok_or(KeyError::NoPem)?;
        if block.label == "PRIVATE KEY" {
            return Self::of_pkcs8(&block.bytes).ok_or(KeyError::Pkcs8);
        }
        let Some(kind) = block.label.strip_suffix(" PRIVATE KEY") else {
            return Err(KeyError::NoKey(block.label));
        };
        match kind {
            "RSA" => Self::of_pkcs1(&block.bytes).ok_or(KeyError::Rsa),
            "EC" => Self::of_sec1(&block.bytes).ok_or(KeyError::Ec),
            "DSA" => {
                let is_sequence = Reader::new(&block.bytes).expect(der::SEQUENCE).is_some();
                if is_sequence { Ok(Self::Dsa(block.bytes)) } else { Err(KeyError::Dsa) }
            }
            _ => Err(KeyError::UnknownKind(block.label)),
        }
    }

    fn of_pkcs1(bytes: &[u8]) -> Option<Self> {
        RsaKey::from_pkcs1_der(bytes).ok().map(|key| Self::Rsa(Box::new(key)))
    }

    fn of_sec1(bytes: &[u8]) -> Option<Self> {
        let mut key = Reader::new(bytes).enter(der::SEQUENCE)?;
        key.expect(der::INTEGER)?;
        let secret = key.expect(der::OCTET_STRING)?.content;
        if let Some(mut curve) = key.enter(der::context(0))
            && curve.expect(der::OBJECT_ID)?.content != id::P256
        {
            return None;
        }
        p256::SecretKey::from_slice(secret).ok().map(Self::Ecdsa)
    }

    fn of_pkcs8(bytes: &[u8]) -> Option<Self> {
        let mut key = Reader::new(bytes).enter(der::SEQUENCE)?;
        key.expect(der::INTEGER)?;
        let mut algorithm = key.enter(der::SEQUENCE)?;
        let inner = key.expect(der::OCTET_STRING)?.content;
        match algorithm.expect(der::OBJECT_ID)?.content {
            id::RSA => Self::of_pkcs1(inner),
            id::EC if algorithm.expect(der::OBJECT_ID)?.content == id::P256 => Self::of_sec1(inner),
            id::ED25519 => {
                let seed = Reader::new(inner).expect(der::OCTET_STRING)?.content;
                let seed = <&[u8; 32]>::try_from(seed).ok()?;
                Some(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)))
            }
            _ => None,
        }
    }

    /// As Go writes it.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => {
                let bytes = key.to_pkcs1_der();
                let bytes = bytes.as_ref().map(rsa::pkcs8::SecretDocument::as_bytes);
                pem::encode("RSA PRIVATE KEY", bytes.unwrap_or_default())
            }
            Self::Ecdsa(key) => {
                let point = key.public_key().to_sec1_bytes();
                let curve = der::value(der::OBJECT_ID, &[id::P256]);
                let bytes = der::value(
                    der::SEQUENCE,
                    &[
                        &der::unsigned(&[1]),
                        &der::value(der::OCTET_STRING, &[&key.to_bytes()]),
                        &der::value(der::context(0), &[&curve]),
                        &der::value(der::context(1), &[&der::bits(&point)]),
                    ],
                );
                pem::encode("EC PRIVATE KEY", &bytes)
            }
            Self::Ed25519(key) => {
                let algorithm = der::value(der::SEQUENCE, &[&der::value(der::OBJECT_ID, &[id::ED25519])]);
                let seed = der::value(der::OCTET_STRING, &[&key.to_bytes()]);
                let bytes = der::value(
                    der::SEQUENCE,
                    &[&der::unsigned(&[]), &algorithm, &der::value(der::OCTET_STRING, &[&seed])],
                );
                pem::encode("PRIVATE KEY", &bytes)
            }
            Self::Dsa(bytes) => pem::encode("DSA PRIVATE KEY", bytes),
        }
    }

    /// The public key with its algorithm, as a certificate holds it, and the key alone.
    pub(super) fn public(&self) -> Result<(Vec<u8>, Vec<u8>), SignError> {
        let with_algorithm = |algorithm: &[&[u8]], key: &[u8]| {
            let algorithm = der::value(der::SEQUENCE, algorithm);
            (der::value(der::SEQUENCE, &[&algorithm, &der::bits(key)]), key.to_vec())
        };
        match self {
            Self::Rsa(key) => {
                let document = key.to_public_key().to_public_key_der().map_err(|_| SignError::Refused)?;
                let mut parts = Reader::new(document.as_bytes()).enter(der::SEQUENCE);
                let parts = parts.as_mut().ok_or(SignError::Refused)?;
                parts.next();
                let bits = parts.expect(der::BIT_STRING).ok_or(SignError::Refused)?.content;
                Ok((document.as_bytes().to_vec(), bits.get(1..).unwrap_or_default().to_vec()))
            }
            Self::Ecdsa(key) => {
                let ids = [id::EC, id::P256].map(|id| der::value(der::OBJECT_ID, &[id]));
                Ok(with_algorithm(&[&ids[0], &ids[1]], &key.public_key().to_sec1_bytes()))
            }
            Self::Ed25519(key) => {
                let id = der::value(der::OBJECT_ID, &[id::ED25519]);
                Ok(with_algorithm(&[&id], key.verifying_key().as_bytes()))
            }
            Self::Dsa(_) => Err(SignError::Dsa),
        }
    }

    /// The algorithm of its signatures, as a certificate names it.
    pub(super) fn algorithm(&self) -> Result<Vec<u8>, SignError> {
        let named = |id, parameters: &[u8]| {
            der::value(der::SEQUENCE, &[&der::value(der::OBJECT_ID, &[id]), parameters])
        };
        Ok(match self {
            Self::Rsa(_) => named(id::RSA_SHA256, der::NULL),
            Self::Ecdsa(_) => named(id::ECDSA_SHA256, &[]),
            Self::Ed25519(_) => named(id::ED25519, &[]),
            Self::Dsa(_) => return Err(SignError::Dsa),
        })
    }

    /// Signs.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Self::Rsa(key) => {
                let digest = Sha256::digest(message);
                let scheme = Pkcs1v15Sign::new::<Sha256>();
                key.sign(scheme, &digest).map_err(|_| SignError::Refused)
            }
            Self::Ecdsa(key) => {
                let signing = p256::ecdsa::SigningKey::from(key);
                let signature: p256::ecdsa::Signature =
                    signing.try_sign(message).map_err(|_| SignError::Refused)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Self::Dsa(_) => Err(SignError::Dsa),
        }
    }
}
