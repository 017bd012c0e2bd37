//! Flags, width and precision of one verb, and the padding they ask for.

use crate::unicode;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "Go's flags are independent of each other")]
pub(crate) struct Flags {
    pub(crate) width: Option<usize>,
    pub(crate) precision: Option<usize>,
    pub(crate) minus: bool,
    pub(crate) plus: bool,
    pub(crate) sharp: bool,
    pub(crate) space: bool,
    pub(crate) zero: bool,
    /// `%+v`
    pub(crate) plus_v: bool,
    /// `%#v`
    pub(crate) sharp_v: bool,
}

impl Flags {
    /// Appends `count` padding characters: zeros only on the left.
    pub(crate) fn write_padding(&self, out: &mut Vec<u8>, count: usize) {
        let filler = if self.zero && !self.minus { b'0' } else { b' ' };
        out.resize(out.len() + count, filler);
    }

    /// Appends `text`, padded to the width in characters.
    pub(crate) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let padding = match self.width {
            None | Some(0) => 0,
            Some(width) => width.saturating_sub(unicode::count(text)),
        };
        if padding == 0 {
            out.extend_from_slice(text);
        } else if self.minus {
            out.extend_from_slice(text);
            self.write_padding(out, padding);
        } else {
            self.write_padding(out, padding);
            out.extend_from_slice(text);
        }
    }

    /// `text` cut to the precision in characters.
    pub(crate) fn truncate<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.precision else { return text };
        let cut = unicode::Characters(text).take(precision).map(|(_, length)| length).sum();
        &text[..cut]
    }

    /// Whether a decimal number is not changed by any of them.
    pub(crate) fn are_plain(&self) -> bool {
        self.width.is_none() && self.precision.is_none() && !self.plus && !self.space
    }

    pub(crate) fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }
}
