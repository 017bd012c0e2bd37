//! Keys without `?`: known to be keys only when their `:` comes, on the same line and within 1,024 characters.

use super::super::error::{Problem, ReadError};
use super::cursor::{Cursor, Mark};

/// How far from its start the `:` of a key may be, in characters.
const MAX_LENGTH: usize = 1024;

/// A place where a key may have begun.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SimpleKey {
    is_possible: bool,
    /// Nothing but a key may be here, so that it is an error if it is none.
    is_required: bool,
    /// Its first token is not handed out before it is known whether this is a key.
    is_awaited: bool,
    /// The number of its first token.
    pub(super) token: usize,
    pub(super) mark: Mark,
}

/// The possible keys: one for the block context and one for each bracket that is open.
///
/// Their token numbers never decrease from outside to inside.
#[derive(Debug)]
pub(super) struct SimpleKeys(Vec<SimpleKey>);

impl SimpleKeys {
    pub(super) fn new() -> Self {
        Self(vec![SimpleKey::default()])
    }

    pub(super) fn open_bracket(&mut self, token: usize, mark: Mark) {
        self.0.push(SimpleKey { token, mark, ..SimpleKey::default() });
    }

    /// Forgets the key inside a bracket that closes. Of a bracket in which no key ever was possible, such as `[]`,
    /// go-yaml forgets instead that the bracket itself may begin a key, and hands it out too early if it does.
    pub(super) fn close_bracket(&mut self) {
        if let [.., outer, inner] = &mut self.0[..] {
            outer.is_awaited &= outer.token != inner.token;
            self.0.pop();
        }
    }

    /// Notes that a key may begin here, in place of the last one.
    pub(super) fn save(
        &mut self,
        cursor: &Cursor<'_>,
        token: usize,
        is_required: bool,
    ) -> Result<(), ReadError> {
        self.remove(cursor)?;
        if let Some(last) = self.0.last_mut() {
            *last = SimpleKey { is_possible: true, is_required, is_awaited: true, token, mark: cursor.mark };
        }
        Ok(())
    }

    /// Gives up the innermost possible key.
    pub(super) fn remove(&mut self, cursor: &Cursor<'_>) -> Result<(), ReadError> {
        match self.0.last_mut() {
            Some(key) if key.is_possible => {
                key.is_possible = false;
                if key.is_required { cursor.error(Problem::MissingColon) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    /// Takes the innermost possible key, for which the `:` has come.
    pub(super) fn take(&mut self, cursor: &Cursor<'_>) -> Result<Option<SimpleKey>, ReadError> {
        let Some(key) = self.0.last_mut() else {
            return Ok(None);
        };
        let is_valid = key.check(cursor)?;
        key.is_possible = false;
        Ok(is_valid.then_some(*key))
    }

    /// Whether the token with this number, the next to be handed out, may turn out to begin a key.
    pub(super) fn may_begin_at(&mut self, token: usize, cursor: &Cursor<'_>) -> Result<bool, ReadError> {
        let at = self.0.partition_point(|key| key.token < token);
        match self.0.get_mut(at) {
            Some(key) if key.token == token && key.is_awaited => key.check(cursor),
            _ => Ok(false),
        }
    }
}

impl SimpleKey {
    fn check(&mut self, cursor: &Cursor<'_>) -> Result<bool, ReadError> {
        if !self.is_possible {
            return Ok(false);
        }
        let is_too_far =
            self.mark.line < cursor.mark.line || self.mark.index + MAX_LENGTH < cursor.mark.index;
        if is_too_far && self.is_required {
            return cursor.error(Problem::MissingColon);
        }
        self.is_possible = !is_too_far;
        Ok(self.is_possible)
    }
}
