//! The subject of a request.

use serde_json::{Value, json};

/// Members of this group may do everything, whatever the roles say.
pub(crate) const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";

/// An authenticated user, or `system:anonymous`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    /// Empty where there is none.
    pub(crate) uid: String,
    pub(crate) groups: Vec<String>,
    /// The `jti` of the bound token that was shown.
    pub(crate) credential: Option<String>,
}

impl User {
    /// Whoever shows no credentials.
    pub(crate) fn anonymous() -> Self {
        User {
            name: "system:anonymous".to_owned(),
            uid: String::new(),
            groups: vec!["system:unauthenticated".to_owned()],
            credential: None,
        }
    }

    /// The cluster's administrator.
    pub(crate) fn admin() -> Self {
        User {
            name: "kubernetes-admin".to_owned(),
            uid: String::new(),
            groups: vec![MASTERS.to_owned(), AUTHENTICATED.to_owned()],
            credential: None,
        }
    }

    /// A service account, in the groups that every service account is in.
    pub(crate) fn service_account(namespace: &str, name: &str, uid: &str) -> Self {
        User {
            name: format!("system:serviceaccount:{namespace}:{name}"),
            uid: uid.to_owned(),
            groups: vec![
                "system:serviceaccounts".to_owned(),
                format!("system:serviceaccounts:{namespace}"),
                AUTHENTICATED.to_owned(),
            ],
            credential: None,
        }
    }

    /// The same user, known by a bound token.
    pub(crate) fn with_credential(self, credential: Option<String>) -> Self {
        User { credential, ..self }
    }

    /// A user that an administrator impersonates.
    pub(crate) fn impersonated(name: &str, mut groups: Vec<String>) -> Self {
        if let Some((namespace, account)) =
            name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'))
            && groups.is_empty()
        {
            return User::service_account(namespace, account, "");
        }
        if !groups.iter().any(|group| group == AUTHENTICATED) {
            groups.push(AUTHENTICATED.to_owned());
        }
        User { name: name.to_owned(), uid: String::new(), groups, credential: None }
    }

    pub(crate) fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == MASTERS)
    }

    /// `UserInfo` of `authentication.k8s.io/v1`.
    pub(crate) fn to_value(&self) -> Value {
        let mut info = json!({"username": self.name});
        if !self.uid.is_empty() {
            info["uid"] = json!(self.uid);
        }
        info["groups"] = json!(self.groups);
        if let Some(credential) = &self.credential {
            info["extra"] =
                json!({"authentication.kubernetes.io/credential-id": [format!("JTI={credential}")]});
        }
        info
    }
}
