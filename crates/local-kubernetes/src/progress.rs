//! How long work is told to the person who waits for it.

use std::time::{Duration, Instant};

/// Is told each step as it begins, goes on and ends.
pub trait Progress {
    /// A step begins. Steps do not overlap.
    fn begins(&mut self, step: &str);

    /// The step that began last is still going on; called several times a second.
    fn goes_on(&mut self, step: &str, since: Duration);

    /// The step that began last has ended well.
    fn ends(&mut self, step: &str, took: Duration);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begins(&mut self, _step: &str) {}

    fn goes_on(&mut self, _step: &str, _since: Duration) {}

    fn ends(&mut self, _step: &str, _took: Duration) {}
}

/// One step under way.
pub(crate) struct Step<'a> {
    text: String,
    began: Instant,
    progress: &'a mut dyn Progress,
}

impl<'a> Step<'a> {
    pub(crate) fn begin(progress: &'a mut dyn Progress, text: impl Into<String>) -> Self {
        let text = text.into();
        progress.begins(&text);
        Step { text, began: Instant::now(), progress }
    }

    pub(crate) fn goes_on(&mut self) {
        self.progress.goes_on(&self.text, self.began.elapsed());
    }

    pub(crate) fn end(self) {
        self.progress.ends(&self.text, self.began.elapsed());
    }
}
