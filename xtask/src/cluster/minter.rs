//! Where tokens of the launcher's service account come from that expire soon.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use embedded_cluster::EmbeddedCluster;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use super::{Admin, NAMESPACE};
use crate::failure::Failure;

const ACCOUNT: &str = "job-launcher";
const ISSUER: &str = "https://kubernetes.default.svc";

/// The shortest life of a token that an API server gives on request.
const REQUESTED: Duration = Duration::from_secs(600);
/// The life of a token signed here; an API server grants a minute more, for clocks that differ.
const SIGNED: Duration = Duration::from_secs(30);

/// Makes tokens.
pub(crate) enum Minter {
    /// Asks the API.
    Requested(Admin),
    /// Signs them with the cluster's own key, for a life shorter than the API gives.
    Signed { admin: Admin, key: PathBuf },
    /// Has them from an embedded cluster.
    Embedded(Box<dyn Fn() -> String + Send + Sync>),
}

impl Minter {
    /// Of an embedded cluster.
    pub(crate) fn embedded(cluster: &EmbeddedCluster) -> Self {
        Minter::Embedded(Box::new(cluster.short_lived_tokens(SIGNED)))
    }

    /// How often a new one is needed.
    pub(crate) fn period(&self) -> Duration {
        match self {
            Minter::Requested(_) => REQUESTED / 10,
            Minter::Signed { .. } | Minter::Embedded(_) => SIGNED * 2 / 3,
        }
    }

    /// One more token.
    ///
    /// # Errors
    /// The API refuses, or the key can't be used.
    pub(crate) async fn mint(&self) -> Result<String, Failure> {
        match self {
            Minter::Requested(admin) => {
                let path = format!("{}/token", account());
                let request = json!({"spec": {"expirationSeconds": REQUESTED.as_secs()}});
                let answer = admin.post(&path, &request).await?;
                text(&answer, "/status/token")
            }
            Minter::Signed { admin, key } => {
                let account = admin.read(&account()).await?;
                let pem = std::fs::read_to_string(key)
                    .map_err(|e| Failure::during(format!("reading {}", key.display()), e))?;
                sign(&pem, &text(&account, "/metadata/uid")?)
            }
            Minter::Embedded(issue) => Ok(issue()),
        }
    }
}

fn account() -> String {
    format!("/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{ACCOUNT}")
}

fn text(answer: &Value, pointer: &str) -> Result<String, Failure> {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(Into::into)
        .ok_or_else(|| Failure::new(format!("the API's answer has no {pointer}")))
}

/// A service account token as RFC 7519 and the API server want it, signed with ES256.
fn sign(pem: &str, uid: &str) -> Result<String, Failure> {
    let doing = "signing a token with the cluster's key";
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).map_err(|e| Failure::during(doing, e))?;
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random)
        .map_err(|e| Failure::during(doing, e))?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = json!({
        "iss": ISSUER,
        "aud": [ISSUER],
        "sub": format!("system:serviceaccount:{NAMESPACE}:{ACCOUNT}"),
        "iat": now,
        "nbf": now,
        "exp": now + SIGNED.as_secs(),
        "kubernetes.io": {"namespace": NAMESPACE, "serviceaccount": {"name": ACCOUNT, "uid": uid}},
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "ES256", "typ": "JWT"})), part(&claims));
    let signature = key
        .sign(&random, signed.as_bytes())
        .map_err(|_| Failure::new(format!("{doing}: the key does not sign")))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
