//! Times to text.

use super::Time;
use super::layout::{Chunk, MONTHS, OffsetPart, OffsetStyle, WEEKDAYS, Zeros, cut};

/// Writes a time in a layout.
pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let civil = time.civil();
    let hour12 = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let mut rest = layout;
    loop {
        let part = cut(rest);
        out.extend_from_slice(part.before);
        rest = part.after;
        let Some(chunk) = part.chunk else { return out };
        match chunk {
            Chunk::LongMonth => out.extend_from_slice(month_name(civil.month).as_bytes()),
            Chunk::Month => out.extend_from_slice(&month_name(civil.month).as_bytes()[..3]),
            Chunk::NumMonth => padded(&mut out, i64::from(civil.month), 0),
            Chunk::ZeroMonth => padded(&mut out, i64::from(civil.month), 2),
            Chunk::LongWeekDay => out.extend_from_slice(WEEKDAYS[civil.weekday() % 7].as_bytes()),
            Chunk::WeekDay => out.extend_from_slice(&WEEKDAYS[civil.weekday() % 7].as_bytes()[..3]),
            Chunk::Day => padded(&mut out, i64::from(civil.day), 0),
            Chunk::UnderDay => out.extend_from_slice(format!("{:2}", civil.day).as_bytes()),
            Chunk::ZeroDay => padded(&mut out, i64::from(civil.day), 2),
            Chunk::UnderYearDay => out.extend_from_slice(format!("{:3}", civil.day_of_year()).as_bytes()),
            Chunk::ZeroYearDay => padded(&mut out, civil.day_of_year(), 3),
            Chunk::Hour => padded(&mut out, i64::from(civil.hour), 2),
            Chunk::Hour12 => padded(&mut out, i64::from(hour12), 0),
            Chunk::ZeroHour12 => padded(&mut out, i64::from(hour12), 2),
            Chunk::Minute => padded(&mut out, i64::from(civil.minute), 0),
            Chunk::ZeroMinute => padded(&mut out, i64::from(civil.minute), 2),
            Chunk::Second => padded(&mut out, i64::from(civil.second), 0),
            Chunk::ZeroSecond => padded(&mut out, i64::from(civil.second), 2),
            Chunk::LongYear => padded(&mut out, civil.year, 4),
            Chunk::Year => padded(&mut out, civil.year.abs() % 100, 2),
            Chunk::UpperPm => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
            Chunk::LowerPm => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
            Chunk::Abbreviation => abbreviation(&mut out, time),
            Chunk::Offset(style) => offset(&mut out, time.offset(), style),
            Chunk::Fraction { digits, separator, zeros } => {
                fraction(&mut out, civil.nanosecond, digits, separator, zeros);
            }
        }
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("January")
}

/// A number with zeros before it; the sign of a negative one does not count.
fn padded(out: &mut Vec<u8>, number: i64, width: usize) {
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(format!("{:0width$}", number.unsigned_abs()).as_bytes());
}

/// The abbreviation or, when there is none, the offset.
fn abbreviation(out: &mut Vec<u8>, time: &Time) {
    let name = time.zone.abbreviation_at(time.seconds);
    if name.is_empty() {
        let style = OffsetStyle { z: false, colon: false, to: OffsetPart::Minutes };
        offset(out, time.offset(), style);
    } else {
        out.extend_from_slice(name.as_bytes());
    }
}

fn offset(out: &mut Vec<u8>, seconds: i32, style: OffsetStyle) {
    if style.z && seconds == 0 {
        out.push(b'Z');
        return;
    }
    // Go counts in whole minutes, so the sign of less than one is lost.
    let minutes = seconds / 60;
    out.push(if minutes < 0 { b'-' } else { b'+' });
    let colon = if style.colon { ":" } else { "" };
    out.extend_from_slice(format!("{:02}", minutes.abs() / 60).as_bytes());
    if style.to >= OffsetPart::Minutes {
        out.extend_from_slice(format!("{colon}{:02}", minutes.abs() % 60).as_bytes());
    }
    if style.to >= OffsetPart::Seconds {
        out.extend_from_slice(format!("{colon}{:02}", seconds.abs() % 60).as_bytes());
    }
}

fn fraction(out: &mut Vec<u8>, nanosecond: u32, digits: usize, separator: u8, zeros: Zeros) {
    let all = format!("{nanosecond:09}");
    let mut shown = all.get(..digits.min(9)).unwrap_or(&all);
    if zeros == Zeros::Dropped {
        shown = shown.trim_end_matches('0');
        if shown.is_empty() {
            return;
        }
    }
    out.push(separator);
    out.extend_from_slice(shown.as_bytes());
    if zeros == Zeros::Kept {
        out.extend(std::iter::repeat_n(b'0', digits.saturating_sub(9)));
    }
}
