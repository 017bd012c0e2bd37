//! Bearer tokens: shaped like the JSON web tokens of a real cluster, valid because they are remembered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::json;

use super::User;
use crate::{identifiers, kind::Kind, store::Store, time};

/// The audience and issuer of bound tokens.
const ISSUER: &str = "https://kubernetes.default.svc";
const LEGACY_ISSUER: &str = "kubernetes/serviceaccount";

/// How long a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// As the token of a `kubernetes.io/service-account-token` Secret: no `exp`.
    Unlimited,
    /// As a bound token: until then.
    Until(Timestamp),
}

#[derive(Debug)]
struct Issued {
    holder: Holder,
    lifetime: Lifetime,
    /// The claim `jti`, of bound tokens.
    id: Option<String>,
}

#[derive(Clone, Debug)]
enum Holder {
    Admin,
    ServiceAccount { namespace: String, name: String, uid: String },
}

/// All tokens given out. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    issued: Arc<Mutex<HashMap<String, Issued>>>,
}

impl Tokens {
    /// A token of the administrator.
    pub(crate) fn issue_admin(&self) -> String {
        let token = URL_SAFE_NO_PAD.encode(identifiers::random_bytes::<32>());
        self.remember(
            token.clone(),
            Issued { holder: Holder::Admin, lifetime: Lifetime::Unlimited, id: None },
        );
        token
    }

    /// A token of a service account; its claims are those that clients read.
    pub(crate) fn issue(&self, namespace: &str, name: &str, uid: &str, lifetime: Lifetime) -> String {
        let now = time::now().as_second();
        let subject = format!("system:serviceaccount:{namespace}:{name}");
        let id = matches!(lifetime, Lifetime::Until(_)).then(identifiers::uid);
        let claims = match lifetime {
            Lifetime::Unlimited => json!({
                "iss": LEGACY_ISSUER,
                "kubernetes.io/serviceaccount/namespace": namespace,
                "kubernetes.io/serviceaccount/service-account.name": name,
                "kubernetes.io/serviceaccount/service-account.uid": uid,
                "sub": subject,
            }),
            Lifetime::Until(end) => json!({
                "aud": [ISSUER],
                "exp": end.as_second(),
                "iat": now,
                "iss": ISSUER,
                "jti": id,
                "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": name, "uid": uid}},
                "nbf": now,
                "sub": subject,
            }),
        };
        let header = json!({"alg": "RS256", "kid": "embedded-cluster"});
        let signature = URL_SAFE_NO_PAD.encode(identifiers::random_bytes::<64>());
        let token = format!(
            "{}.{}.{signature}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let holder = Holder::ServiceAccount {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: uid.to_owned(),
        };
        self.remember(token.clone(), Issued { holder, lifetime, id });
        token
    }

    /// Whom a token speaks for: `None` if it is unknown, over, or its service account is gone.
    pub(crate) fn user(&self, token: &str, store: &Store) -> Option<User> {
        let (holder, id) = {
            let issued = self.lock();
            let found = issued.get(token)?;
            if let Lifetime::Until(end) = found.lifetime
                && end <= time::now()
            {
                return None;
            }
            (found.holder.clone(), found.id.clone())
        };
        match holder {
            Holder::Admin => Some(User::admin()),
            Holder::ServiceAccount { namespace, name, uid } => {
                let account = store.get(Kind::ServiceAccount, Some(&namespace), &name).ok()?;
                (account.uid() == uid)
                    .then(|| User::service_account(&namespace, &name, &uid).with_credential(id))
            }
        }
    }

    fn remember(&self, token: String, issued: Issued) {
        self.lock().insert(token, issued);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Issued>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
