//! Layouts of dates, dates, durations, zones.

use super::super::random::Random;

#[rustfmt::skip]
const LAYOUTS: &[&str] = &[
    "2006-01-02", "2006-01-02T15:04:05Z07:00", "Mon Jan _2 15:04:05 2006", "Monday, 02-Jan-06 15:04:05 MST",
    "3:04PM", "15:04:05.000", "15:04:05.999999999", "02/01/2006 03:04:05 pm", "2006-002",
    "January 2, 2006 at 3:04pm (MST)", "20060102150405", "2006-01-02 15:04:05.999 -0700 MST", "",
    "literal text é",
];

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "002", "__2", "Mon", "Monday", "15", "03",
    "3", "04", "4", "05", "5", "PM", "pm", "MST", "-0700", "-07:00", "-07", "-070000", "-07:00:00", "Z0700",
    "Z07:00", "Z07", "Z070000", "Z07:00:00", ".000", ".999", ",000", ",9", ".00", "_2006", "-", "-", "/",
    ":", " ", " ", "T", ",", "x", "é", "0", "7", "M", "Januar", "Mond", "P", "Z", "0600",
];

#[rustfmt::skip]
const TIMES: &[&str] = &[
    "2024-02-29", "2023-02-29", "2024-13-01", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07.25+02:00",
    "2026-03-04T25:06:07Z", "2026-03-04 05:06:07", "2026-03-04 05:06:07.123456789",
    "Feb 3, 2013 at 7:54pm (PST)", "Fri Feb  3 14:05:06 2023", "Friday, 03-Feb-23 14:05:06 GMT", "2024-366",
    "10:11:12.250", "3:04PM", "12:00AM", "20240229102030", "0001-01-01", "9999-12-31", "0000-01-01",
    "1969-12-31", "2026-03-04 CEST", "-0001-01-01", "2024-1-1", " 2024-01-01", "2024-01-01 x", "",
];

const TIME_PIECES: &[&str] = &[
    "2024",
    "24",
    "99",
    "12",
    "31",
    "00",
    "1",
    "7",
    "Feb",
    "february",
    "Tue",
    "Sunday",
    "060",
    "366",
    "AM",
    "pm",
    "UTC",
    "GMT+3",
    "CEST",
    "+0530",
    "-07:00",
    "Z",
    "+01:02:03",
    ".5",
    ",123",
    ".1234567890",
    "-",
    "/",
    ":",
    " ",
    "T",
    "x",
    "é",
];

const DURATIONS: &[&str] = &[
    "1h30m",
    "-1.5h",
    "0",
    "100ms",
    "1h1m1s1ms1us1ns",
    "2 days",
    "",
    "-",
    "1",
    "+5s",
    ".5s",
    "1.s",
    "300000h",
    "9223372036854775807ns",
    "9223372036854775808ns",
    "1µs",
    "1μs",
    "1d",
    "1h-1m",
    "24h",
    "8760h",
    "-720h",
    "95",
    "86400",
    "1.5",
    "-3661",
    "2540400h10m10s",
];

const DURATION_PIECES: &[&str] =
    &["1", "2.5", "-", "+", ".", "h", "m", "s", "ms", "us", "ns", "µs", "0", "999999", "é", " "];

const ZONES: &[&str] = &[
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/Berlin",
    "",
    "Local",
    "Nowhere/Bad",
    "Australia/Lord_Howe",
    "EST5EDT",
    "Asia/Kathmandu",
    "utc",
    "../etc/passwd",
    "America/St_Johns",
    "Pacific/Apia",
    "Etc/GMT+5",
    "Africa/Casablanca",
];

pub(crate) fn layout(random: &mut Random) -> Vec<u8> {
    either(random, LAYOUTS, PIECES, 6)
}

/// A date and time in text, more or less.
pub(crate) fn time(random: &mut Random) -> Vec<u8> {
    either(random, TIMES, TIME_PIECES, 6)
}

pub(crate) fn duration(random: &mut Random) -> Vec<u8> {
    either(random, DURATIONS, DURATION_PIECES, 5)
}

pub(crate) fn zone(random: &mut Random) -> Vec<u8> {
    random.word(ZONES).as_bytes().to_vec()
}

fn either(random: &mut Random, whole: &[&str], pieces: &[&str], most: usize) -> Vec<u8> {
    if random.percent(60) {
        random.pick(whole).as_bytes().to_vec()
    } else {
        random.pieces(pieces, most).into_bytes()
    }
}
