//! Options on how the Kubernetes API is reached (product document 3.1).

use std::path::PathBuf;
use std::time::Duration;

use kubernetes_backend::{CertificateAuthority, Secret};

use super::{
    AnyOption, Definition, Group, OpenSetting, Setting, Visibility,
    kind::{ABSOLUTE_PATH, API_URL, BOOLEAN, CERTIFICATE, Kind, NAMESPACE, TOKEN, seconds, whole},
};
use crate::api_url::ApiUrl;

/// The group's options, in the order of the documents.
pub static OPTIONS: &[&dyn AnyOption] = &[
    &API_SERVER,
    &AUTH_TOKEN_PATH,
    &AUTH_TOKEN,
    &KUBERNETES_NAMESPACE,
    &CERTIFICATE_AUTHORITY,
    &VERIFY_SSL_CERTS,
    &WATCH_TIMEOUT,
    &FETCH_LIMIT,
];

const fn cluster(name: &'static str, summary: &'static str, example: &'static str) -> Definition {
    Definition::new(name, Group::Cluster, summary, example)
}

/// `api-url`.
pub static API_SERVER: OpenSetting<ApiUrl> = OpenSetting {
    definition: cluster(
        "api-url",
        "base URL of the Kubernetes API server, HTTPS or HTTP, up to but not including '/api'",
        "https://192.168.99.100:8443",
    ),
    kind: API_URL,
    otherwise: "required; in a pod, https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT",
};

/// `auth-token-path`.
pub static AUTH_TOKEN_PATH: OpenSetting<PathBuf> = OpenSetting {
    definition: cluster(
        "auth-token-path",
        "file with the token of the job-launcher service account; it must be owned by server-user, and is read \
         again when it changes",
        "/etc/rstudio/kubernetes.launcher.token",
    ),
    kind: ABSOLUTE_PATH,
    otherwise: "this or auth-token is required; in a pod, /var/run/secrets/kubernetes.io/serviceaccount/token",
};

/// `auth-token`.
pub static AUTH_TOKEN: OpenSetting<Secret> = OpenSetting {
    definition: Definition {
        visibility: Visibility::Secret,
        ..cluster(
            "auth-token",
            "the token itself; auth-token-path is safer, as the token then stays out of this file",
            "eyJhbGciOi...",
        )
    },
    kind: TOKEN,
    otherwise: "none",
};

/// `kubernetes-namespace`.
pub static KUBERNETES_NAMESPACE: Setting<String> = Setting {
    definition: cluster("kubernetes-namespace", "namespace in which jobs are created", "rstudio"),
    kind: NAMESPACE,
    default: || "rstudio".to_owned(),
};

/// `certificate-authority`.
pub static CERTIFICATE_AUTHORITY: OpenSetting<CertificateAuthority> = OpenSetting {
    definition: cluster(
        "certificate-authority",
        "certificate authority of the API server, a PEM file in Base64 on one line; blank for the system's root \
         certificates",
        "",
    ),
    kind: CERTIFICATE,
    otherwise: "the system's root certificates; in a pod, /var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
};

/// `verify-ssl-certs`.
pub static VERIFY_SSL_CERTS: Setting<bool> = Setting {
    definition: cluster(
        "verify-ssl-certs",
        "whether the API server's certificate is verified; turn this off for trials only",
        "1",
    ),
    kind: BOOLEAN,
    default: || true,
};

/// `watch-timeout-seconds`.
pub static WATCH_TIMEOUT: Setting<Duration> = Setting {
    definition: cluster(
        "watch-timeout-seconds",
        "seconds after which the API server ends a watch, which is then begun again",
        "180",
    ),
    kind: seconds::<1, 86_400>(),
    default: || Duration::from_secs(180),
};

const OBJECTS: Kind<u32> = whole::<1, { u32::MAX }>("OBJECTS");

/// `fetch-limit`.
pub static FETCH_LIMIT: Setting<u32> = Setting {
    definition: cluster("fetch-limit", "largest number of objects asked for in one list request", "500"),
    kind: OBJECTS,
    default: || 500,
};
