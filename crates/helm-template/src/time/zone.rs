//! Time zones.

use go_text_template::Str;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Where a time is seen from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC.
    Utc,
    /// One of the zone database.
    Named {
        /// Its rules.
        rules: TimeZone,
        /// `Europe/Berlin`, or `Local`.
        name: String,
    },
    /// One that a text brought along: an offset, and an abbreviation, which may be empty.
    Fixed {
        /// Seconds east of UTC.
        offset: i32,
        /// As written.
        abbreviation: Str,
    },
    /// The empty one that a copy of a location is, for nobody outside its package can copy the inside: UTC by another name.
    Blank,
}

impl Zone {
    /// Go's `time.LoadLocation`, with UTC for what is unknown. `local` is the local zone's name.
    pub(crate) fn load(name: &[u8], local: &str) -> Self {
        match name {
            b"" | b"UTC" => Self::Utc,
            b"Local" => Self::local(local),
            name => std::str::from_utf8(name).ok().and_then(Self::known).unwrap_or(Self::Utc),
        }
    }

    /// The local zone.
    pub(crate) fn local(name: &str) -> Self {
        match name {
            "" | "UTC" => Self::Utc,
            name => match TimeZone::get(name) {
                Ok(rules) => Self::Named { rules, name: "Local".to_owned() },
                Err(_) => Self::Utc,
            },
        }
    }

    fn known(name: &str) -> Option<Self> {
        let rules = TimeZone::get(name).ok()?;
        // Go's names keep their case; the database here does not mind.
        (rules.iana_name() == Some(name)).then(|| Self::Named { rules, name: name.to_owned() })
    }

    /// Seconds east of UTC at a moment.
    pub(super) fn offset_at(&self, seconds: i64) -> i32 {
        match self {
            Self::Utc | Self::Blank => 0,
            Self::Fixed { offset, .. } => *offset,
            Self::Named { rules, .. } => rules.to_offset(timestamp(seconds)).seconds(),
        }
    }

    /// The abbreviation at a moment: `CET`.
    pub(super) fn abbreviation_at(&self, seconds: i64) -> Str {
        match self {
            Self::Utc | Self::Blank => "UTC".into(),
            Self::Fixed { abbreviation, .. } => abbreviation.clone(),
            Self::Named { rules, .. } => rules.to_offset_info(timestamp(seconds)).abbreviation().into(),
        }
    }

    /// Whether summer time holds at a moment.
    pub(super) fn is_summer_time_at(&self, seconds: i64) -> bool {
        match self {
            Self::Utc | Self::Fixed { .. } | Self::Blank => false,
            Self::Named { rules, .. } => rules.to_offset_info(timestamp(seconds)).dst().is_dst(),
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> Str {
        match self {
            Self::Utc => "UTC".into(),
            Self::Named { name, .. } => name.as_str().into(),
            Self::Fixed { abbreviation, .. } => abbreviation.clone(),
            Self::Blank => Str::default(),
        }
    }
}

/// The nearest moment that the database reaches.
fn timestamp(seconds: i64) -> Timestamp {
    let clamped = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(clamped).unwrap_or(Timestamp::UNIX_EPOCH)
}
