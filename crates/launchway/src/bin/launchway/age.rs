//! Lengths of time as a person reads and writes them: `45s`, `10m`, `5h`, `3d`.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use launcher_api::JobTime;

/// How long ago a time was, in one unit; `-` if it is not known. A time to come counts as now.
pub(crate) fn age(time: Option<Timestamp>, now: Timestamp) -> String {
    let Some(time) = time else { return "-".to_owned() };
    let seconds = now.duration_since(time).as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// A point in the past: a length of time before now (`90s`, `15m`, `2h`, `3d`) or a time (RFC 3339, or a date).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// So long before now.
    Ago(Duration),
    /// At that time.
    At(Timestamp),
}

impl Since {
    pub(crate) fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(ago) => SignedDuration::try_from(ago)
                .ok()
                .and_then(|ago| now.checked_sub(ago).ok())
                .unwrap_or(Timestamp::MIN),
        }
    }
}

impl std::str::FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(ago) = length(text) {
            return Ok(Self::Ago(ago));
        }
        // A date alone is its beginning.
        let time = text.parse::<JobTime>().or_else(|_| format!("{text}T00:00:00Z").parse());
        time.map(|time| Self::At(time.timestamp())).map_err(|_| {
            "write a length of time such as 90s, 15m, 2h or 3d, or a time such as 2026-11-24T09:30:00Z or 2026-11-24 \
             (UTC)"
                .to_owned()
        })
    }
}

fn length(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_has_the_unit_that_leaves_few_digits() {
        let now = time("2026-11-24T12:00:00Z");
        let cases = [
            ("2026-11-24T11:59:59.5Z", "0s"),
            ("2026-11-24T11:58:01Z", "119s"),
            ("2026-11-24T11:58:00Z", "2m"),
            ("2026-11-24T10:00:01Z", "119m"),
            ("2026-11-24T10:00:00Z", "2h"),
            ("2026-11-22T12:00:00Z", "2d"),
            ("2026-11-24T12:00:30Z", "0s"),
        ];
        for (past, shown) in cases {
            assert_eq!(age(Some(time(past)), now), shown, "{past}");
        }
        assert_eq!(age(None, now), "-");
    }

    #[test]
    fn a_beginning_is_a_length_of_time_or_a_time() {
        let now = time("2026-11-24T12:00:00Z");
        let at = |text: &str| text.parse::<Since>().map(|since| since.resolve(now));
        assert_eq!(at("90s"), Ok(time("2026-11-24T11:58:30Z")));
        assert_eq!(at("2h"), Ok(time("2026-11-24T10:00:00Z")));
        assert_eq!(at("2026-11-20T01:02:03+01:00"), Ok(time("2026-11-20T00:02:03Z")));
        assert_eq!(at("2026-11-20T01:02:03"), Ok(time("2026-11-20T01:02:03Z")));
        assert_eq!(at("2026-11-20"), Ok(time("2026-11-20T00:00:00Z")));
        assert_eq!(at("99999999999999d"), Ok(Timestamp::MIN));
        for wrong in ["", "h", "2w", "-2h", "é", "99999999999999999999d", "yesterday"] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
    }
}
