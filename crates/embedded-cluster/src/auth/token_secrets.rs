//! Secrets of the type `kubernetes.io/service-account-token` get a token without end.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{Lifetime, Tokens};
use crate::{
    kind::Kind,
    store::{Object, Store},
};

const TYPE: &str = "kubernetes.io/service-account-token";
const ACCOUNT: &str = "kubernetes.io/service-account.name";
const ACCOUNT_UID: &str = "kubernetes.io/service-account.uid";

/// Fills such secrets until `stop`.
pub(crate) async fn fill(store: Store, tokens: Tokens, authority_pem: String, stop: CancellationToken) {
    stop.run_until_cancelled(async {
        loop {
            let snapshot = store.list(Kind::Secret, None);
            for secret in &snapshot.items {
                fill_one(&store, &tokens, &authority_pem, secret);
            }
            let mut watch = store.watch(Kind::Secret, snapshot.revision);
            // Fallen behind: all secrets are looked at again.
            while let Ok(change) = watch.next().await {
                fill_one(&store, &tokens, &authority_pem, &change.object);
            }
        }
    })
    .await;
}

fn fill_one(store: &Store, tokens: &Tokens, authority_pem: &str, secret: &Object) {
    let value = secret.value();
    if value["type"] != TYPE || value["data"]["token"].is_string() {
        return;
    }
    let namespace = secret.namespace();
    let name = value["metadata"]["annotations"][ACCOUNT].as_str().unwrap_or_default();
    let Ok(account) = store.get(Kind::ServiceAccount, Some(namespace), name) else {
        return;
    };
    let token = tokens.issue(namespace, name, account.uid(), Lifetime::Unlimited);
    let filled = store.update(Kind::Secret, Some(namespace), secret.name(), |secret| {
        secret["metadata"]["annotations"][ACCOUNT_UID] = json!(account.uid());
        secret["data"] = json!({
            "ca.crt": STANDARD.encode(authority_pem),
            "namespace": STANDARD.encode(namespace),
            "token": STANDARD.encode(&token),
        });
        Ok(())
    });
    if let Err(error) = filled
        && !error.is_not_found()
    {
        tracing::warn!(secret = secret.name(), %error, "a secret did not get its token");
    }
}
