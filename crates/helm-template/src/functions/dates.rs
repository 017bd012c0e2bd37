//! Dates and durations, in Go's layouts: the reference time is `Mon Jan 2 15:04:05 2006 -0700`.

use go_text_template::{CallError, Value};

use crate::declare::functions;
use crate::number::{Base, parse_int};
use crate::time::{self, Duration, Time, Zone, time_in};
use crate::world::World;

functions! {
    "now"() -> Time = [world] now, "The present.", example "{{ kindOf now }}" => "struct";
    "date"(layout: Text, time: Any) -> Text = [world] date,
        "A time, or seconds since 1970 as int or int64, in a layout, in the local time zone. Anything else is now.",
        example r#"{{ date "2006-01-02" 0 }}"# => "1970-01-01";
    "dateInZone" | "date_in_zone"(layout: Text, time: Any, zone: Text) -> Text = [world] date_in_zone,
        "Like `date`, in another time zone; an unknown one is UTC.",
        example r#"{{ dateInZone "15:04 MST" 0 "America/New_York" }}"# => "19:00 EST";
    "htmlDate"(time: Any) -> Text = [world] html_date, "The date as `2006-01-02`.",
        example "{{ htmlDate 0 }}" => "1970-01-01";
    "htmlDateInZone"(time: Any, zone: Text) -> Text = [world] html_date_in_zone,
        "The date as `2006-01-02`, in another time zone.",
        example r#"{{ htmlDateInZone 0 "America/New_York" }}"# => "1969-12-31";
    "toDate"(layout: Text, text: Text) -> Time = [world] to_date,
        "The time in a text; year 1 when the text is not in the layout.",
        example r#"{{ toDate "2006-01-02" "2026-03-04" | date "02/01/2006" }}"# => "04/03/2026";
    "mustToDate"(layout: Text, text: Text) -> Time = [world] must_to_date, "The time in a text.",
        fails "the text is not in the layout",
        example r#"{{ mustToDate "2006-01-02" "2026-03-04" | date "02/01/2006" }}"# => "04/03/2026";
    "dateModify" | "date_modify"(duration: Text, time: Time) -> Time = date_modify,
        "A later (or earlier) time; the same for what is no duration.",
        example r#"{{ toDate "2006-01-02" "2026-03-04" | dateModify "-1h" | date "Jan 2 15:04" }}"#
            => "Mar 3 23:00";
    "mustDateModify" | "must_date_modify"(duration: Text, time: Time) -> Time = must_date_modify,
        "A later (or earlier) time.", fails "it is no duration",
        example r#"{{ toDate "2006-01-02" "2026-03-04" | mustDateModify "90m" | date "15:04" }}"# => "01:30";
    "unixEpoch"(time: Time) -> Text = unix_epoch, "Seconds since 1970, as text.",
        example r#"{{ toDate "2006" "1971" | unixEpoch }}"# => "31536000";
    "ago"(time: Any) -> Text = [world] ago, "The time since then, to the second.",
        example "{{ ago now }}" => "0s";
    "duration"(seconds: Any) -> Text = duration,
        "Whole seconds, as text or int64, as a duration. An int is 0, as in Sprig.",
        example r#"{{ duration "95" }}"# => "1m35s";
    "durationRound"(duration: Any) -> Text = [world] duration_round,
        "The largest unit of a duration, of nanoseconds as int64, or of the time since then.",
        example r#"{{ durationRound "2h10m5s" }}"# => "2h";
}

fn now(world: &dyn World) -> Value {
    Value::object(present(world))
}

/// The present in the local time zone.
fn present(world: &dyn World) -> Time {
    let moment = world.now();
    let local = Zone::local(&world.local_zone());
    Time::new(moment.seconds, moment.nanoseconds, local.clone()).with_local(local)
}

/// A time or seconds; anything else is the present.
fn time_of(world: &dyn World, value: &Value) -> Time {
    if let Some(time) = time_in(value) {
        return time.clone();
    }
    let seconds = match value {
        Value::Int(seconds) | Value::Int64(seconds) => *seconds,
        Value::Int32(seconds) => i64::from(*seconds),
        _ => return present(world),
    };
    Time::new(seconds, 0, Zone::Utc)
}

fn date(world: &dyn World, layout: &[u8], time: &Value) -> Vec<u8> {
    date_in_zone(world, layout, time, b"Local")
}

fn date_in_zone(world: &dyn World, layout: &[u8], time: &Value, zone: &[u8]) -> Vec<u8> {
    let zone = Zone::load(zone, &world.local_zone());
    time_of(world, time).in_zone(zone).format(layout)
}

fn html_date(world: &dyn World, time: &Value) -> Vec<u8> {
    date(world, b"2006-01-02", time)
}

fn html_date_in_zone(world: &dyn World, time: &Value, zone: &[u8]) -> Vec<u8> {
    date_in_zone(world, b"2006-01-02", time, zone)
}

fn parsed(world: &dyn World, layout: &[u8], text: &[u8]) -> Result<Time, time::ParseError> {
    let local = Zone::local(&world.local_zone());
    Ok(time::parse(layout, text, &local)?.with_local(local))
}

fn to_date(world: &dyn World, layout: &[u8], text: &[u8]) -> Value {
    Value::object(parsed(world, layout, text).unwrap_or_else(|_| Time::zero()))
}

fn must_to_date(world: &dyn World, layout: &[u8], text: &[u8]) -> Result<Value, CallError> {
    parsed(world, layout, text).map(Value::object).map_err(|error| CallError::new(error.to_string()))
}

fn time_argument(value: &Value) -> Result<&Time, CallError> {
    time_in(value).ok_or_else(|| CallError::new("argument is no time"))
}

fn date_modify(duration: &[u8], time: &Value) -> Result<Value, CallError> {
    let time = time_argument(time)?;
    Ok(Value::object(match time::parse_duration(duration) {
        Ok(duration) => time.plus(duration),
        Err(_) => time.clone(),
    }))
}

fn must_date_modify(duration: &[u8], time: &Value) -> Result<Value, CallError> {
    let duration = time::parse_duration(duration).map_err(|error| CallError::new(error.to_string()))?;
    Ok(Value::object(time_argument(time)?.plus(duration)))
}

fn unix_epoch(time: &Value) -> Result<String, CallError> {
    Ok(time_argument(time)?.seconds().to_string())
}

fn ago(world: &dyn World, time: &Value) -> String {
    const SECOND: i64 = 1_000_000_000;
    // Here an int32 is the present, too.
    let then = if matches!(time, Value::Int32(_)) { present(world) } else { time_of(world, time) };
    present(world).since(&then).round(SECOND).to_string()
}

fn duration(seconds: &Value) -> String {
    let seconds = match seconds {
        Value::String(text) => saturated(text.as_bytes()),
        Value::Int64(seconds) => *seconds,
        _ => 0,
    };
    Duration::of_seconds(seconds).to_string()
}

/// A decimal number; one that is too large is the largest, as `strconv.ParseInt` has it beside its error.
fn saturated(text: &[u8]) -> i64 {
    if let Some(number) = parse_int(text, Base::Decimal) {
        return number;
    }
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let is_negative = text.first() == Some(&b'-');
    match is_too_large(digits) {
        true if is_negative => i64::MIN,
        true => i64::MAX,
        false => 0,
    }
}

/// Whether reading ends because the number is too large for 64 bits, rather than at something that is no digit.
fn is_too_large(digits: &[u8]) -> bool {
    let mut number = 0_u64;
    for &byte in digits {
        if !byte.is_ascii_digit() {
            return false;
        }
        match number.checked_mul(10).and_then(|number| number.checked_add(u64::from(byte - b'0'))) {
            Some(larger) => number = larger,
            None => return true,
        }
    }
    number > i64::MAX as u64
}

fn duration_round(world: &dyn World, value: &Value) -> String {
    const SECOND: u64 = 1_000_000_000;
    const HOUR: u64 = 3600 * SECOND;
    let duration = match value {
        Value::String(text) => time::parse_duration(text.as_bytes()).unwrap_or(Duration(0)),
        Value::Int64(nanoseconds) => Duration(*nanoseconds),
        other => time_in(other).map_or(Duration(0), |then| present(world).since(then)),
    };
    let magnitude = duration.0.unsigned_abs();
    let units = [
        (365 * 24 * HOUR, "y"),
        (30 * 24 * HOUR, "mo"),
        (24 * HOUR, "d"),
        (HOUR, "h"),
        (60 * SECOND, "m"),
        (SECOND, "s"),
    ];
    let largest = units.into_iter().find(|&(unit, _)| magnitude > unit);
    largest.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", magnitude / unit))
}
