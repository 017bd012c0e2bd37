//! `--watch`: rendering again when a file changes.
//!
//! The files are looked at five times a second. That sees every way in which editors save, also by renaming, works on
//! network and container mounts where notifications do not come, and costs a few calls of `stat`.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};

use super::data::DataSource;
use super::rendering::{Rendered, Rendering};
use super::sources;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::printer::Printer;

const EVERY: Duration = Duration::from_millis(200);

/// Renders, and renders again after each change, until the program is asked to end. What is broken is told, and watched on.
pub(super) async fn watch(rendering: Rendering, printer: &Printer) -> Result<Ended, Failure> {
    let mut interrupts = Interrupts::listen()?;
    loop {
        // Before anything is read, so that no change is missed.
        let seen = Stamps::of(&rendering);
        let rendered = tokio::select! {
            rendered = on_a_thread(rendering.clone()) => rendered?,
            () = interrupts.next() => return Ok(Ended(exit::DONE)),
        };
        printer.clear_screen()?;
        match rendered.show(printer) {
            Err(failure @ Failure::Print(_)) => return Err(failure),
            Err(failure) => printer.error(&failure, failure.help()),
            Ok(_) => {}
        }
        printer.progress("watching for changes; Ctrl-C ends");
        let changed = tokio::select! {
            changed = change(&rendering, seen) => changed,
            () = interrupts.next() => return Ok(Ended(exit::DONE)),
        };
        printer.note(&format!("rendering again: {} changed", changed.display()));
    }
}

/// On a thread of its own, which the program's end does not wait for.
async fn on_a_thread(rendering: Rendering) -> Result<Rendered, Failure> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits for it any more when the program ends.
        let _ended = sender.send(rendering.render());
    });
    receiver.await.map_err(|error| Failure::System {
        doing: "render on a thread",
        source: std::io::Error::other(error),
    })
}

/// Waits until a file is another one than when it was last looked at, and all stay as they are for a while: programs that
/// save in several steps are not disturbed in the middle. Gives the first that changed.
async fn change(rendering: &Rendering, seen: Stamps) -> PathBuf {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut latest = seen.clone();
    loop {
        ticks.tick().await;
        let now = Stamps::of(rendering);
        let is_quiet = now == latest;
        latest = now;
        if is_quiet && let Some(changed) = latest.difference(&seen) {
            return changed;
        }
    }
}

/// How the files look from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamps(Vec<(PathBuf, Option<Stamp>)>);

/// What is another one after every write and every replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds of the last write, and of the last change of any kind.
    times: [i64; 4],
}

impl Stamps {
    fn of(rendering: &Rendering) -> Self {
        // A folder that cannot be read is as good as gone, and looks another way when it is back.
        let mut files = sources::files(&rendering.path).unwrap_or_else(|_| vec![rendering.path.clone()]);
        if let Some(DataSource::File(path)) = &rendering.data {
            files.push(path.clone());
        }
        let stamp = |path: PathBuf| {
            let stamp = std::fs::metadata(&path).ok().map(|file| Stamp {
                device: file.dev(),
                inode: file.ino(),
                size: file.size(),
                times: [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()],
            });
            (path, stamp)
        };
        Self(files.into_iter().map(stamp).collect())
    }

    /// A file that looks another way than before, is new or is gone.
    fn difference(&self, before: &Self) -> Option<PathBuf> {
        let missing = |from: &Self, entry: &(PathBuf, Option<Stamp>)| !from.0.contains(entry);
        let here = self.0.iter().find(|entry| missing(before, entry));
        let gone = before.0.iter().find(|entry| missing(self, entry));
        here.or(gone).map(|(path, _)| path.clone())
    }
}
