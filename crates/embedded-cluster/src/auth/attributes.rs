//! What is asked for, in the terms in which roles grant it.

use crate::status_error::{Reason, StatusError};

use super::User;

/// The subject matter of an authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Attributes {
    Resource(ResourceAttributes),
    NonResource { verb: String, path: String },
}

/// One request for a resource. Empty texts stand for "none", as in `ResourceAttributes` of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResourceAttributes {
    pub(crate) verb: String,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) resource: String,
    pub(crate) subresource: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl ResourceAttributes {
    /// `pods` or `pods/log`.
    pub(crate) fn full_resource(&self) -> String {
        if self.subresource.is_empty() {
            self.resource.clone()
        } else {
            format!("{}/{}", self.resource, self.subresource)
        }
    }
}

impl Attributes {
    /// The right to do this as somebody else, as refusals name it.
    pub(crate) fn impersonated(mut self) -> Self {
        let (Attributes::Resource(ResourceAttributes { verb, .. }) | Attributes::NonResource { verb, .. }) =
            &mut self;
        *verb = format!("impersonate-on:user-info:{verb}");
        self
    }

    /// The 403 that says what is missing.
    pub(crate) fn forbidden(&self, user: &User) -> StatusError {
        let who = &user.name;
        match self {
            Attributes::NonResource { verb, path } => {
                let message = format!("forbidden: User \"{who}\" cannot {verb} path \"{path}\"");
                StatusError::new(403, Reason::Forbidden, message).with_empty_details()
            }
            Attributes::Resource(wanted) => {
                let scope = if wanted.namespace.is_empty() {
                    "at the cluster scope".to_owned()
                } else {
                    format!("in the namespace \"{}\"", wanted.namespace)
                };
                let why = format!(
                    "User \"{who}\" cannot {} resource \"{}\" in API group \"{}\" {scope}",
                    wanted.verb,
                    wanted.full_resource(),
                    wanted.group
                );
                wanted.refuse(&why)
            }
        }
    }
}

impl ResourceAttributes {
    /// 403 `RESOURCE "NAME" is forbidden: WHY`.
    pub(crate) fn refuse(&self, why: &str) -> StatusError {
        let mut subject = self.resource.clone();
        if !self.group.is_empty() {
            subject = format!("{subject}.{}", self.group);
        }
        if !self.name.is_empty() {
            subject = format!("{subject} \"{}\"", self.name);
        }
        let mut error = StatusError::new(403, Reason::Forbidden, format!("{subject} is forbidden: {why}"));
        for (key, value) in [("name", &self.name), ("group", &self.group), ("kind", &self.resource)] {
            if !value.is_empty() {
                error = error.with_detail(key, value.as_str().into());
            }
        }
        error
    }
}
