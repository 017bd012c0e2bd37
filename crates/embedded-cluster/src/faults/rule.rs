//! One injected failure: whom it meets, what happens, how often.

use std::time::Duration;

use crate::api::RequestInfo;

/// Which requests are meant. Every criterion that is given must hold; none given: all requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    verb: Option<String>,
    resource: Option<String>,
    subresource: Option<String>,
    name: Option<String>,
    path_prefix: Option<String>,
}

impl Matching {
    /// Every request.
    #[must_use]
    pub fn any() -> Self {
        Matching::default()
    }

    /// Only this verb of RBAC: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
    #[must_use]
    pub fn verb(mut self, verb: &str) -> Self {
        self.verb = Some(verb.to_owned());
        self
    }

    /// Only this resource, by its plural name: `jobs`.
    #[must_use]
    pub fn resource(mut self, plural: &str) -> Self {
        self.resource = Some(plural.to_owned());
        self
    }

    /// Only this subresource: `log`, `exec`. Without this call, all of a resource's requests match.
    #[must_use]
    pub fn subresource(mut self, name: &str) -> Self {
        self.subresource = Some(name.to_owned());
        self
    }

    /// Only the object of this name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Only paths that begin so.
    #[must_use]
    pub fn path_prefix(mut self, prefix: &str) -> Self {
        self.path_prefix = Some(prefix.to_owned());
        self
    }

    fn holds(&self, request: &RequestInfo) -> bool {
        let resource = request.resource.as_ref();
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        is(&self.verb, Some(request.verb.as_str()))
            && is(&self.resource, resource.map(|path| path.resource.as_str()))
            && is(&self.subresource, resource.and_then(|path| path.subresource.as_deref()))
            && is(&self.name, resource.and_then(|path| path.name.as_deref()))
            && self.path_prefix.as_deref().is_none_or(|prefix| request.path.starts_with(prefix))
    }
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It is answered with a `Status` of this code, instead of being carried out. The reason follows from the
    /// code; 429 and 503 carry `Retry-After: 1`.
    Answer {
        /// The HTTP code: 403, 409, 410, 429, 500, 503, 504 have their usual reason.
        code: u16,
        /// The message of the `Status`.
        message: String,
    },
    /// It is answered with plain text, as by a proxy in between.
    AnswerText {
        /// The HTTP code.
        code: u16,
        /// The whole body.
        text: String,
    },
    /// A watch is answered with 200 and one `ERROR` event of code 410. Other requests: as
    /// [`Effect::Answer`] with 410.
    ExpireWatch,
    /// It is carried out after this time.
    Delay(Duration),
    /// It is carried out, and the answer is cut after so many bytes of its body, without a last chunk.
    CutAfter(u64),
    /// It is carried out, and the answer stops after so many bytes of its body; the connection stays open.
    StallAfter(u64),
    /// It is never answered, and not carried out.
    Hang,
    /// It is carried out, but never answered.
    LoseAnswer,
}

/// How often a failure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Until it is removed.
    Always,
    /// The next so many matching requests.
    Next(u64),
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: u64,
    pub(super) hits: u64,
    matching: Matching,
    effect: Effect,
    times: Times,
}

impl Rule {
    pub(super) fn new(id: u64, matching: Matching, effect: Effect, times: Times) -> Self {
        Rule { id, hits: 0, matching, effect, times }
    }

    pub(super) fn strike(&mut self, request: &RequestInfo) -> Option<Effect> {
        if !self.matching.holds(request) {
            return None;
        }
        if let Times::Next(left) = &mut self.times {
            *left = left.checked_sub(1)?;
        }
        self.hits += 1;
        Some(self.effect.clone())
    }
}
