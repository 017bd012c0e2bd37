//! Keys, certificates, passwords and AES. Chance comes from the world.

mod certificate;
mod der;
mod keys;
mod password;
mod pem;

use std::any::Any;
use std::net::IpAddr;

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use go_text_template::{CallError, Field, List, Object, Type, Value};

use super::{encoding, printing, random};
use crate::declare::{Shape, functions};
use crate::world::World;
use certificate::{Issuer, Request, Role};
use keys::{KeyKind, PrivateKey};

functions! {
    "derivePassword"(counter: Uint32, kind: Text, password: Text, user: Text, site: Text) -> Text
        = derive_password,
        "A password made of a master password, always the same: `maximum`, `long`, `medium`, `short`, `basic` or \
         `pin`.",
        example r#"{{ derivePassword 1 "zzz" "password" "user" "example.com" }}"#
            => "cannot find password template zzz";
    "bcrypt"(password: Text) -> Text = [world] bcrypt, "The bcrypt hash of a password, of cost 10.",
        example r#"{{ bcrypt "" | trunc 7 }}"# => "$2a$10$";
    "htpasswd"(user: Text, password: Text) -> Text = [world] htpasswd, "A line of an `htpasswd` file, with bcrypt.",
        example r#"{{ htpasswd "a:b" "pw" }}"# => "invalid username: a:b";
    "encryptAES"(password: Text, text: Text) -> Text = [world] encrypt_aes,
        "Encrypts a text with AES-256-CBC, in base 64. The key is the password, cut or filled with zeros.",
        example r#"{{ encryptAES "secret" "plain" | decryptAES "secret" }}"# => "plain";
    "decryptAES"(password: Text, text: Text) -> Text = decrypt_aes, "Decrypts what `encryptAES` made.",
        fails "it is none of that",
        example r#"{{ decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=" }}"# => "plaintext";
    "genPrivateKey"(kind: Text) -> Text = [world] gen_private_key,
        "A new private key as PEM: `rsa` (4096 bits, also for an empty text), `dsa`, `ecdsa` (P-256) or `ed25519`.",
        example r#"{{ genPrivateKey "ed25519" | trunc 27 }}"# => "-----BEGIN PRIVATE KEY-----";
    "buildCustomCert"(certificate: Text, key: Text) -> Certificate = build_custom_cert,
        "A certificate and its key of base 64 texts with PEM inside.", fails "they cannot be read";
    "genCA"(name: Text, days: Int) -> Certificate = [world] gen_ca, "A new certificate authority with an RSA key.",
        fails "there is no chance to be had";
    "genCAWithKey"(name: Text, days: Int, key: Text) -> Certificate = [world] gen_ca_with_key,
        "A new certificate authority with a key of one's own.", fails "the key cannot be read",
        example r#"{{ (genCAWithKey "ca" 365 (genPrivateKey "ecdsa")).Cert | trunc 27 }}"#
            => "-----BEGIN CERTIFICATE-----";
    "genSelfSignedCert"(name: Text, addresses: List, names: List, days: Int) -> Certificate
        = [world] gen_self_signed_cert, "A certificate that vouches for itself, with an RSA key.",
        fails "an address or name is none";
    "genSelfSignedCertWithKey"(name: Text, addresses: List, names: List, days: Int, key: Text) -> Certificate
        = [world] gen_self_signed_cert_with_key, "A certificate that vouches for itself, with a key of one's own.",
        fails "an address or name is none, or the key cannot be read",
        example r#"{{ (genSelfSignedCertWithKey "x" (list "10.0.0.1") (list "a.b") 1 (genPrivateKey "ed25519")).Key | trunc 27 }}"#
            => "-----BEGIN PRIVATE KEY-----";
    "genSignedCert"(name: Text, addresses: List, names: List, days: Int, authority: Certificate) -> Certificate
        = [world] gen_signed_cert, "A certificate signed by an authority, with an RSA key.",
        fails "an address or name is none, or the authority cannot be read";
    "genSignedCertWithKey"(name: Text, addresses: List, names: List, days: Int, authority: Certificate, key: Text)
        -> Certificate = [world] gen_signed_cert_with_key,
        "A certificate signed by an authority, with a key of one's own.",
        fails "an address or name is none, or the authority or key cannot be read";
}

/// Sprig's certificate: both parts as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Certificate {
    certificate: String,
    key: String,
}

impl Object for Certificate {
    fn object_type(&self) -> Type {
        Shape::Certificate.to_type()
    }

    fn fields(&self) -> Vec<Field> {
        vec![Field::new("Cert", self.certificate.as_str()), Field::new("Key", self.key.as_str())]
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn derive_password(
    counter: u32,
    kind: &[u8],
    password: &[u8],
    user: &[u8],
    site: &[u8],
) -> Result<String, CallError> {
    password::derive(counter, kind, password, user, site)
}

fn bcrypt(world: &dyn World, password: &[u8]) -> Result<String, CallError> {
    password::bcrypt(world, password)
}

fn htpasswd(world: &dyn World, user: &[u8], password: &[u8]) -> Result<String, CallError> {
    let user = String::from_utf8_lossy(user);
    if user.contains(':') {
        return Ok(format!("invalid username: {user}"));
    }
    Ok(format!("{user}:{}", bcrypt(world, password)?))
}

const BLOCK: usize = 16;

fn aes_key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(password).for_each(|(byte, &given)| *byte = given);
    key
}

fn encrypt_aes(world: &dyn World, password: &[u8], text: &[u8]) -> Result<String, CallError> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let mut start = [0; BLOCK];
    random::fill(world, &mut start)?;
    let padding = BLOCK - text.len() % BLOCK;
    let mut blocks = text.to_vec();
    blocks.resize(text.len() + padding, padding as u8);
    let length = blocks.len();
    let encryptor = cbc::Encryptor::<Aes256>::new(&aes_key(password).into(), &start.into());
    let encrypted = encryptor.encrypt_padded::<NoPadding>(&mut blocks, length);
    let encrypted = encrypted.map_err(|_| CallError::new("crypto/cipher: input not full blocks"))?;
    Ok(encoding::b64enc(&[&start[..], encrypted].concat()))
}

fn decrypt_aes(password: &[u8], text: &[u8]) -> Result<Vec<u8>, CallError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut bytes = encoding::decode64(text).map_err(|error| CallError::new(error.to_string()))?;
    let Some((start, blocks)) = bytes.split_first_chunk_mut::<BLOCK>() else {
        // Go makes room for what the text could hold at most.
        let room = text.len() / 4 * 3;
        let text = format!("runtime error: slice bounds out of range [:{BLOCK}] with capacity {room}");
        return Err(CallError::new(text));
    };
    let decryptor = cbc::Decryptor::<Aes256>::new(&aes_key(password).into(), &(*start).into());
    let decrypted = decryptor.decrypt_padded::<NoPadding>(blocks);
    let decrypted = decrypted.map_err(|_| CallError::new("crypto/cipher: input not full blocks"))?;
    let Some(&padding) = decrypted.last() else {
        return Err(CallError::new("runtime error: index out of range [-1]"));
    };
    match decrypted.len().checked_sub(usize::from(padding)) {
        Some(length) => Ok(decrypted[..length].to_vec()),
        None => {
            let beyond = usize::from(padding) - decrypted.len();
            Err(CallError::new(format!("runtime error: slice bounds out of range [:-{beyond}]")))
        }
    }
}

fn gen_private_key(world: &dyn World, kind: &[u8]) -> Result<String, CallError> {
    let kind = match kind {
        b"" | b"rsa" => KeyKind::Rsa { bits: 4096 },
        b"dsa" => KeyKind::Dsa,
        b"ecdsa" => KeyKind::Ecdsa,
        b"ed25519" => KeyKind::Ed25519,
        other => return Ok(format!("Unknown type {}", String::from_utf8_lossy(other))),
    };
    Ok(PrivateKey::generate(world, kind)?.to_pem())
}

fn build_custom_cert(certificate: &[u8], key: &[u8]) -> Result<Value, CallError> {
    let decode = |text: &[u8], what: &str| {
        let failed = |_| CallError::new(format!("unable to decode base64 {what}"));
        encoding::decode64(text).map_err(failed)
    };
    let certificate = decode(certificate, "certificate")?;
    let key = decode(key, "private key")?;
    let block = pem::first(&certificate).ok_or_else(|| CallError::new("unable to decode certificate"))?;
    Issuer::parse(&block.bytes)
        .map_err(|error| CallError::new(format!("error parsing certificate: decodedCert.Bytes: {error}")))?;
    PrivateKey::parse_pem(&key)
        .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Value::object(Certificate { certificate: text(certificate), key: text(key) }))
}

/// The key for a new certificate, if the template brings none.
fn new_rsa_key(world: &dyn World) -> Result<PrivateKey, CallError> {
    PrivateKey::generate(world, KeyKind::Rsa { bits: 2048 })
}

fn given_key(pem: &[u8]) -> Result<PrivateKey, CallError> {
    PrivateKey::parse_pem(pem).map_err(|error| CallError::new(format!("parsing private key: {error}")))
}

fn addresses(list: &List) -> Result<Vec<IpAddr>, CallError> {
    let parse = |item: &Value| match item {
        Value::String(text) => {
            let parsed = text.to_str().and_then(|text| text.parse().ok());
            parsed.ok_or_else(|| CallError::new(format!("error parsing ip: {text}")))
        }
        other => {
            let shown = printing::shown(other);
            Err(CallError::new(format!("error parsing ip: {shown} is not a string")))
        }
    };
    list.as_slice().iter().map(parse).collect()
}

fn names(list: &List) -> Result<Vec<String>, CallError> {
    let text = |item: &Value| match item {
        Value::String(text) => Ok(text.to_text().into_owned()),
        other => {
            let shown = printing::shown(other);
            Err(CallError::new(format!("error processing alternate dns name: {shown} is not a string")))
        }
    };
    list.as_slice().iter().map(text).collect()
}

/// Who signs.
enum Signer<'s> {
    Itself,
    Authority(&'s Value),
}

/// A certificate for a key.
fn issue(
    world: &dyn World,
    request: &Request,
    key: &PrivateKey,
    signer: &Signer<'_>,
) -> Result<Value, CallError> {
    let bytes = match signer {
        Signer::Itself => certificate::issue(world, request, key, None, key)?,
        Signer::Authority(authority) => {
            let Value::Object(object) = authority else {
                return Err(CallError::new("unable to decode certificate"));
            };
            let Some(authority) = object.as_any().downcast_ref::<Certificate>() else {
                return Err(CallError::new("unable to decode certificate"));
            };
            let block = pem::first(authority.certificate.as_bytes())
                .ok_or_else(|| CallError::new("unable to decode certificate"))?;
            let issuer = Issuer::parse(&block.bytes).map_err(|error| {
                CallError::new(format!("error parsing certificate: decodedSignerCert.Bytes: {error}"))
            })?;
            let signing_key = PrivateKey::parse_pem(authority.key.as_bytes())
                .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
            certificate::issue(world, request, key, Some(&issuer), &signing_key)?
        }
    };
    let certificate = pem::encode("CERTIFICATE", &bytes);
    Ok(Value::object(Certificate { certificate, key: key.to_pem() }))
}

fn gen_ca(world: &dyn World, name: &[u8], days: i64) -> Result<Value, CallError> {
    let request = Request::new(name, days, Role::Authority);
    issue(world, &request, &new_rsa_key(world)?, &Signer::Itself)
}

fn gen_ca_with_key(world: &dyn World, name: &[u8], days: i64, key: &[u8]) -> Result<Value, CallError> {
    let key = given_key(key)?;
    issue(world, &Request::new(name, days, Role::Authority), &key, &Signer::Itself)
}

fn end_request(name: &[u8], ips: &List, dns: &List, days: i64) -> Result<Request, CallError> {
    let addresses = addresses(ips)?;
    Ok(Request { addresses, names: names(dns)?, ..Request::new(name, days, Role::End) })
}

fn gen_self_signed_cert(
    world: &dyn World,
    name: &[u8],
    ips: &List,
    dns: &List,
    days: i64,
) -> Result<Value, CallError> {
    // Go makes the key first; a wrong address is found sooner here, with the same words.
    let request = end_request(name, ips, dns, days)?;
    issue(world, &request, &new_rsa_key(world)?, &Signer::Itself)
}

fn gen_self_signed_cert_with_key(
    world: &dyn World,
    name: &[u8],
    ips: &List,
    dns: &List,
    days: i64,
    key: &[u8],
) -> Result<Value, CallError> {
    let key = given_key(key)?;
    issue(world, &end_request(name, ips, dns, days)?, &key, &Signer::Itself)
}

fn gen_signed_cert(
    world: &dyn World,
    name: &[u8],
    ips: &List,
    dns: &List,
    days: i64,
    authority: &Value,
) -> Result<Value, CallError> {
    let request = end_request(name, ips, dns, days)?;
    issue(world, &request, &new_rsa_key(world)?, &Signer::Authority(authority))
}

fn gen_signed_cert_with_key(
    world: &dyn World,
    name: &[u8],
    ips: &List,
    dns: &List,
    days: i64,
    authority: &Value,
    key: &[u8],
) -> Result<Value, CallError> {
    let key = given_key(key)?;
    issue(world, &end_request(name, ips, dns, days)?, &key, &Signer::Authority(authority))
}
