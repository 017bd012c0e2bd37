//! Text to times and durations.

use super::calendar::{days_before, days_in, is_leap};
use super::layout::{Chunk, MONTHS, OffsetPart, OffsetStyle, WEEKDAYS, Zeros, cut};
use super::{Civil, Duration, Time, Zone};
use crate::number::{Base, parse_int};

/// The text is not in the layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParseError {
    /// A part does not fit.
    #[error("parsing time {} as {}: cannot parse {} as {}", quoted(.value), quoted(.layout), quoted(.found), quoted(.wanted))]
    Mismatch {
        /// The whole layout.
        layout: Vec<u8>,
        /// The whole text.
        value: Vec<u8>,
        /// The text from where it fails.
        found: Vec<u8>,
        /// The part of the layout.
        wanted: Vec<u8>,
    },
    /// A part has a value that it cannot have, or there is text left.
    #[error("parsing time {}: {complaint}", quoted(.value))]
    Value {
        /// The whole text.
        value: Vec<u8>,
        /// Why.
        complaint: String,
    },
}

/// What is wrong with a part.
enum Fault {
    /// It is something else.
    Bad,
    /// It is out of its range.
    Range(&'static str),
}

/// What was read so far.
struct Reading<'v> {
    rest: &'v [u8],
    year: i64,
    month: Option<usize>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
    half: Option<Half>,
    is_utc: bool,
    offset: Option<i32>,
    abbreviation: Option<&'v [u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

/// Reads a time; one that says nothing of its zone is in `local`.
pub(crate) fn parse(layout: &[u8], value: &[u8], local: &Zone) -> Result<Time, ParseError> {
    let mut reading = Reading {
        rest: value,
        year: 0,
        month: None,
        day: None,
        day_of_year: None,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        half: None,
        is_utc: false,
        offset: None,
        abbreviation: None,
    };
    let mismatch = |found: &[u8], wanted: &[u8]| ParseError::Mismatch {
        layout: layout.to_vec(),
        value: value.to_vec(),
        found: found.to_vec(),
        wanted: wanted.to_vec(),
    };
    let complaint = |complaint: String| ParseError::Value { value: value.to_vec(), complaint };
    let mut rest_of_layout = layout;
    loop {
        let part = cut(rest_of_layout);
        if let Err(found) = reading.skip(part.before) {
            return Err(mismatch(found, part.before));
        }
        let Some(chunk) = part.chunk else {
            if !reading.rest.is_empty() {
                return Err(complaint(format!("extra text: {}", quoted(reading.rest))));
            }
            break;
        };
        rest_of_layout = part.after;
        let held = reading.rest;
        match reading.take(chunk, rest_of_layout) {
            Ok(()) => {}
            Err(Fault::Bad) => return Err(mismatch(held, part.written)),
            Err(Fault::Range(what)) => return Err(complaint(format!("{what} out of range"))),
        }
    }
    reading.finish(local).map_err(|text| complaint(text.to_owned()))
}

impl<'v> Reading<'v> {
    /// Skips text that the layout has; spaces stand for any number of spaces.
    fn skip(&mut self, text: &[u8]) -> Result<(), &'v [u8]> {
        let mut wanted = text;
        while let Some((&first, after)) = wanted.split_first() {
            if first == b' ' {
                if self.rest.first().is_some_and(|&byte| byte != b' ') {
                    return Err(self.rest);
                }
                wanted = without_spaces(wanted);
                self.rest = without_spaces(self.rest);
                continue;
            }
            if self.rest.first() != Some(&first) {
                return Err(self.rest);
            }
            wanted = after;
            self.rest = &self.rest[1..];
        }
        Ok(())
    }

    fn advance(&mut self, length: usize) -> Result<&'v [u8], Fault> {
        let taken = self.rest.get(..length).ok_or(Fault::Bad)?;
        self.rest = &self.rest[length..];
        Ok(taken)
    }

    fn take(&mut self, chunk: Chunk, layout: &[u8]) -> Result<(), Fault> {
        match chunk {
            Chunk::Year => {
                let year = signed(self.advance(2)?)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Chunk::LongYear => {
                if !self.rest.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Fault::Bad);
                }
                self.year = signed(self.advance(4)?)?;
            }
            Chunk::Month => self.month = Some(self.name(&MONTHS, Some(3))? + 1),
            Chunk::LongMonth => self.month = Some(self.name(&MONTHS, None)? + 1),
            Chunk::NumMonth | Chunk::ZeroMonth => {
                let month = self.number(2, chunk == Chunk::ZeroMonth)?;
                if !(1..=12).contains(&month) {
                    return Err(Fault::Range("month"));
                }
                self.month = usize::try_from(month).ok();
            }
            Chunk::WeekDay => {
                self.name(&WEEKDAYS, Some(3))?;
            }
            Chunk::LongWeekDay => {
                self.name(&WEEKDAYS, None)?;
            }
            Chunk::Day | Chunk::UnderDay | Chunk::ZeroDay => {
                if chunk == Chunk::UnderDay {
                    self.skip_one_space();
                }
                self.day = Some(self.number(2, chunk == Chunk::ZeroDay)?);
            }
            Chunk::UnderYearDay | Chunk::ZeroYearDay => {
                if chunk == Chunk::UnderYearDay {
                    self.skip_one_space();
                    self.skip_one_space();
                }
                self.day_of_year = Some(self.number(3, chunk == Chunk::ZeroYearDay)?);
            }
            Chunk::Hour => self.hour = self.below(24, false, "hour")?,
            Chunk::Hour12 | Chunk::ZeroHour12 => {
                self.hour = self.below(13, chunk == Chunk::ZeroHour12, "hour")?;
            }
            Chunk::Minute | Chunk::ZeroMinute => {
                self.minute = self.below(60, chunk == Chunk::ZeroMinute, "minute")?;
            }
            Chunk::Second | Chunk::ZeroSecond => {
                self.second = self.below(60, chunk == Chunk::ZeroSecond, "second")?;
                self.take_unannounced_fraction(layout)?;
            }
            Chunk::UpperPm => self.take_half(b"AM", b"PM")?,
            Chunk::LowerPm => self.take_half(b"am", b"pm")?,
            Chunk::Offset(style) => self.take_offset(style)?,
            Chunk::Abbreviation => self.take_abbreviation()?,
            Chunk::Fraction { digits, zeros: Zeros::Kept, .. } => {
                self.nanosecond = nanoseconds(self.advance(digits + 1)?)?;
            }
            Chunk::Fraction { zeros: Zeros::Dropped, .. } => {
                if let Some(length) = self.fraction_ahead() {
                    self.nanosecond = nanoseconds(self.advance(length)?)?;
                }
            }
        }
        Ok(())
    }

    /// A fraction may follow the seconds although the layout has none.
    fn take_unannounced_fraction(&mut self, layout: &[u8]) -> Result<(), Fault> {
        if matches!(cut(layout).chunk, Some(Chunk::Fraction { .. })) {
            return Ok(());
        }
        if let Some(length) = self.fraction_ahead() {
            self.nanosecond = nanoseconds(self.advance(length)?)?;
        }
        Ok(())
    }

    /// The length of a separator and digits, if they are there.
    fn fraction_ahead(&self) -> Option<usize> {
        match self.rest {
            [b'.' | b',', digit, ..] if digit.is_ascii_digit() => {
                Some(1 + self.rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count())
            }
            _ => None,
        }
    }

    fn take_half(&mut self, am: &[u8], pm: &[u8]) -> Result<(), Fault> {
        let half = self.advance(2)?;
        if half == am {
            self.half = self.half.or(Some(Half::Am));
        } else if half == pm {
            self.half = Some(Half::Pm);
        } else {
            return Err(Fault::Bad);
        }
        Ok(())
    }

    fn take_offset(&mut self, style: OffsetStyle) -> Result<(), Fault> {
        if style.z && self.rest.first() == Some(&b'Z') {
            self.rest = &self.rest[1..];
            self.is_utc = true;
            return Ok(());
        }
        let parts = match style.to {
            OffsetPart::Hours => 1,
            OffsetPart::Minutes => 2,
            OffsetPart::Seconds => 3,
        };
        let step = if style.colon { 3 } else { 2 };
        let text = self.advance(1 + step * parts - usize::from(style.colon))?;
        let mut numbers = [0; 3];
        let mut is_bad = false;
        for (at, number) in numbers.iter_mut().enumerate().take(parts) {
            let from = 1 + at * step;
            if style.colon && at > 0 && text[from - 1] != b':' {
                return Err(Fault::Bad);
            }
            let digits = &text[from..from + 2];
            if !digits.iter().all(u8::is_ascii_digit) {
                is_bad = true;
                break;
            }
            *number = i32::from(digits[0] - b'0') * 10 + i32::from(digits[1] - b'0');
        }
        let [hours, minutes, seconds] = numbers;
        // As in Go, 24 hours, 60 minutes and 60 seconds pass, and what is more comes before other faults.
        let too_large = [
            (hours > 24, "time zone offset hour"),
            (minutes > 60, "time zone offset minute"),
            (seconds > 60, "time zone offset second"),
        ];
        if let Some((_, what)) = too_large.iter().rev().find(|(is_too_large, _)| *is_too_large) {
            return Err(Fault::Range(what));
        }
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.offset = Some(match text[0] {
            b'+' if !is_bad => offset,
            b'-' if !is_bad => -offset,
            _ => return Err(Fault::Bad),
        });
        Ok(())
    }

    fn take_abbreviation(&mut self) -> Result<(), Fault> {
        if self.rest.starts_with(b"UTC") {
            self.rest = &self.rest[3..];
            self.is_utc = true;
            return Ok(());
        }
        let length = abbreviation_length(self.rest).ok_or(Fault::Bad)?;
        self.abbreviation = Some(self.advance(length)?);
        Ok(())
    }

    fn skip_one_space(&mut self) {
        self.rest = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
    }

    /// Which of some names, or of their first letters, stands here.
    fn name(&mut self, names: &[&str], letters: Option<usize>) -> Result<usize, Fault> {
        for (at, name) in names.iter().enumerate() {
            let name = &name.as_bytes()[..letters.unwrap_or(name.len())];
            if self.rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                self.rest = &self.rest[name.len()..];
                return Ok(at);
            }
        }
        Err(Fault::Bad)
    }

    /// A number of up to `most` digits, or of exactly so many.
    fn number(&mut self, most: usize, is_exact: bool) -> Result<i64, Fault> {
        let digits = self.rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || (is_exact && digits != most) {
            return Err(Fault::Bad);
        }
        signed(self.advance(digits)?)
    }

    fn below(&mut self, end: i64, is_exact: bool, what: &'static str) -> Result<i64, Fault> {
        let number = self.number(2, is_exact)?;
        if number < end { Ok(number) } else { Err(Fault::Range(what)) }
    }

    fn finish(mut self, local: &Zone) -> Result<Time, &'static str> {
        match self.half {
            Some(Half::Pm) if self.hour < 12 => self.hour += 12,
            Some(Half::Am) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(day_of_year) = self.day_of_year {
            let (month, day) = of_day_of_year(day_of_year, self.year).ok_or("day-of-year out of range")?;
            if self.month.is_some_and(|given| given != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|given| given != day) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let civil = Civil {
            year: self.year,
            month: month as u8,
            day: day as u8,
            hour: self.hour as u8,
            minute: self.minute as u8,
            second: self.second as u8,
            nanosecond: self.nanosecond,
        };
        Ok(self.in_its_zone(&civil, local))
    }

    fn in_its_zone(&self, civil: &Civil, local: &Zone) -> Time {
        if self.is_utc {
            return Time::of_civil(civil, Zone::Utc);
        }
        let shown = Time::of_civil(civil, Zone::Utc);
        let abbreviation = self.abbreviation.unwrap_or_default();
        if let Some(offset) = self.offset {
            let time = shown.plus(Duration::of_seconds(-i64::from(offset)));
            let local_name = local.abbreviation_at(time.seconds);
            let is_local = local.offset_at(time.seconds) == offset
                && (abbreviation.is_empty() || local_name.as_bytes() == abbreviation);
            return time.in_zone(if is_local {
                local.clone()
            } else {
                Zone::Fixed { offset, abbreviation: abbreviation.into() }
            });
        }
        if self.abbreviation.is_some() {
            // An abbreviation says something only if it is one of the local zone.
            let candidate = Time::of_civil(civil, local.clone());
            if local.abbreviation_at(candidate.seconds).as_bytes() == abbreviation {
                return candidate;
            }
            let hours = abbreviation.strip_prefix(b"GMT").and_then(|hours| parse_int(hours, Base::Decimal));
            let offset = i32::try_from(hours.unwrap_or(0)).unwrap_or(0) * 3600;
            return shown.in_zone(Zone::Fixed { offset, abbreviation: abbreviation.into() });
        }
        Time::of_civil(civil, local.clone())
    }
}

fn without_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|&&byte| byte == b' ').count()..]
}

fn signed(text: &[u8]) -> Result<i64, Fault> {
    parse_int(text, Base::Decimal).ok_or(Fault::Bad)
}

/// Month and day of the month of a day of the year.
fn of_day_of_year(day: i64, year: i64) -> Option<(usize, i64)> {
    const LEAP_DAY: i64 = 60;
    let mut day = day;
    if is_leap(year) {
        if day == LEAP_DAY {
            return Some((2, 29));
        }
        day -= i64::from(day > LEAP_DAY);
    }
    if !(1..=365).contains(&day) {
        return None;
    }
    let month = (1..=12).rev().find(|&month| days_before(month) < day)?;
    Some((month, day - days_before(month)))
}

/// Nanoseconds of a separator and digits; digits after the ninth count nothing.
fn nanoseconds(text: &[u8]) -> Result<u32, Fault> {
    let (separator, digits) = text.split_first().ok_or(Fault::Bad)?;
    if !matches!(separator, b'.' | b',') || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Fault::Bad);
    }
    let digits = &digits[..digits.len().min(9)];
    let number = digits.iter().fold(0, |number, &digit| number * 10 + u32::from(digit - b'0'));
    Ok(number * 10u32.pow(9 - u32::try_from(digits.len()).unwrap_or(9)))
}

/// How long the abbreviation of a zone is that begins a text.
fn abbreviation_length(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(after) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_offset_length(after));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_offset_length(text)).filter(|&length| length > 0);
    }
    let capitals = text.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    match capitals {
        5 if text[4] == b'T' => Some(5),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// The length of a sign and hours up to 23.
fn signed_offset_length(text: &[u8]) -> usize {
    if !matches!(text.first(), Some(b'+' | b'-')) {
        return 0;
    }
    let digits = text[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    match parse_int(&text[1..=digits], Base::Decimal) {
        Some(0..=23) => 1 + digits,
        _ => 0,
    }
}

/// Go's quotes of the `time` package: bytes that are no ASCII are written as `\x`.
pub(super) fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=b'~' | 0x7f => out.push(char::from(byte)),
            other => out.push_str(&format!("\\x{other:02x}")),
        }
    }
    out.push('"');
    out
}
