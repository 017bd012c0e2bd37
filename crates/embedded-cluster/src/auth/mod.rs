//! Who asks, and whether they may: bearer tokens, then RBAC from the stored roles and bindings.

mod attributes;
mod rbac;
mod rules;
pub(crate) mod token_secrets;
mod tokens;
mod user;

pub(crate) use self::{
    attributes::{Attributes, ResourceAttributes},
    rbac::{Authorizer, Decision},
    rules::RulesReview,
    tokens::{Lifetime, Tokens},
    user::User,
};
