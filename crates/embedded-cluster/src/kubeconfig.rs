//! A kubeconfig that `kubectl` and client libraries read.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A kubeconfig for one user with a bearer token; YAML.
pub(crate) fn write(url: &str, authority_pem: &str, user: &str, token: &str) -> String {
    let authority = STANDARD.encode(authority_pem);
    format!(
        "apiVersion: v1\n\
         kind: Config\n\
         clusters:\n\
         - name: embedded-cluster\n  \
           cluster:\n    \
             server: {url}\n    \
             certificate-authority-data: {authority}\n\
         users:\n\
         - name: {user}\n  \
           user:\n    \
             token: {token}\n\
         contexts:\n\
         - name: embedded-cluster\n  \
           context:\n    \
             cluster: embedded-cluster\n    \
             user: {user}\n    \
             namespace: rstudio\n\
         current-context: embedded-cluster\n"
    )
}
