//! Waiting for what has no event: another process' readiness.

use std::time::{Duration, Instant};

/// Between two looks.
const PACE: Duration = Duration::from_millis(50);

/// What one look found.
pub(crate) enum Look<T> {
    /// It has come about.
    Done(T),
    /// Not yet; the text says what is there instead.
    NotYet(String),
}

/// It did not come about in time.
#[derive(Debug)]
pub(crate) struct GaveUp {
    pub(crate) last_seen: String,
}

/// Looks until it is done, or until `limit` has passed; the first look is at once.
///
/// The outer error is the look's own.
pub(crate) fn until<T, E>(
    limit: Duration,
    mut look: impl FnMut() -> Result<Look<T>, E>,
) -> Result<Result<T, GaveUp>, E> {
    let began = Instant::now();
    loop {
        match look()? {
            Look::Done(found) => return Ok(Ok(found)),
            Look::NotYet(last_seen) if began.elapsed() >= limit => return Ok(Err(GaveUp { last_seen })),
            Look::NotYet(_) => pause(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process of somebody else's sends no event that says it is ready"
)]
fn pause() {
    std::thread::sleep(PACE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_until_done() {
        let mut left = 3;
        let found = until(Duration::from_secs(60), || {
            left -= 1;
            Ok::<_, ()>(if left == 0 { Look::Done("here") } else { Look::NotYet(format!("{left} to go")) })
        });
        assert_eq!(found.unwrap().unwrap(), "here");
    }

    #[test]
    fn giving_up_tells_what_was_there_instead() {
        let found = until(Duration::ZERO, || Ok::<Look<()>, ()>(Look::NotYet("a closed door".into())));
        assert_eq!(found.unwrap().unwrap_err().last_seen, "a closed door");
    }

    #[test]
    fn an_error_of_the_look_ends_the_waiting() {
        assert_eq!(until(Duration::from_secs(60), || Err::<Look<()>, _>("broken")).unwrap_err(), "broken");
    }
}
