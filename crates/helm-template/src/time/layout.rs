//! Layouts: what the reference time stands for.

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    Abbreviation,
    Offset(OffsetStyle),
    /// So many digits, after this separator.
    Fraction {
        digits: usize,
        separator: u8,
        zeros: Zeros,
    },
}

/// How an offset is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffsetStyle {
    /// Whether an offset of zero is `Z`.
    pub(super) z: bool,
    /// Whether colons stand between the parts.
    pub(super) colon: bool,
    /// The last part.
    pub(super) to: OffsetPart,
}

/// Parts of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OffsetPart {
    Hours,
    Minutes,
    Seconds,
}

/// What happens to zeros at the end of a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zeros {
    Kept,
    Dropped,
}

/// The first part of a layout, between the text before and the text after it.
pub(super) struct Cut<'l> {
    pub(super) before: &'l [u8],
    /// `None` when the rest of the layout is text.
    pub(super) chunk: Option<Chunk>,
    /// How the part is written.
    pub(super) written: &'l [u8],
    pub(super) after: &'l [u8],
}

/// Cuts the first part out of a layout.
pub(super) fn cut(layout: &[u8]) -> Cut<'_> {
    for at in 0..layout.len() {
        if let Some((chunk, skipped, length)) = chunk_at(&layout[at..], at, layout) {
            let start = at + skipped;
            return Cut {
                before: &layout[..start],
                chunk: Some(chunk),
                written: &layout[start..start + length],
                after: &layout[start + length..],
            };
        }
    }
    Cut { before: layout, chunk: None, written: &[], after: &[] }
}

/// Parts that are written in one way only. Those that begin another come after it.
const FIXED: [(&[u8], Chunk); 26] = [
    (b"January", Chunk::LongMonth),
    (b"Monday", Chunk::LongWeekDay),
    (b"MST", Chunk::Abbreviation),
    (b"002", Chunk::ZeroYearDay),
    (b"01", Chunk::ZeroMonth),
    (b"02", Chunk::ZeroDay),
    (b"03", Chunk::ZeroHour12),
    (b"04", Chunk::ZeroMinute),
    (b"05", Chunk::ZeroSecond),
    (b"06", Chunk::Year),
    (b"15", Chunk::Hour),
    (b"1", Chunk::NumMonth),
    (b"2006", Chunk::LongYear),
    (b"2", Chunk::Day),
    (b"__2", Chunk::UnderYearDay),
    (b"_2", Chunk::UnderDay),
    (b"3", Chunk::Hour12),
    (b"4", Chunk::Minute),
    (b"5", Chunk::Second),
    (b"PM", Chunk::UpperPm),
    (b"pm", Chunk::LowerPm),
    (b"070000", Chunk::Offset(OffsetStyle { z: false, colon: false, to: OffsetPart::Seconds })),
    (b"07:00:00", Chunk::Offset(OffsetStyle { z: false, colon: true, to: OffsetPart::Seconds })),
    (b"0700", Chunk::Offset(OffsetStyle { z: false, colon: false, to: OffsetPart::Minutes })),
    (b"07:00", Chunk::Offset(OffsetStyle { z: false, colon: true, to: OffsetPart::Minutes })),
    (b"07", Chunk::Offset(OffsetStyle { z: false, colon: false, to: OffsetPart::Hours })),
];

/// The part that begins here, how much text is skipped before it, and its length.
fn chunk_at(rest: &[u8], at: usize, layout: &[u8]) -> Option<(Chunk, usize, usize)> {
    if let [b'-' | b'Z', offset @ ..] = rest {
        let z = rest[0] == b'Z';
        return FIXED.iter().find_map(|&(written, chunk)| match chunk {
            Chunk::Offset(style) if offset.starts_with(written) => {
                Some((Chunk::Offset(OffsetStyle { z, ..style }), 0, written.len() + 1))
            }
            _ => None,
        });
    }
    if let [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] = rest {
        let digits = rest[1..].iter().take_while(|&byte| byte == digit).count();
        let goes_on = layout.get(at + 1 + digits).is_some_and(u8::is_ascii_digit);
        let zeros = if *digit == b'0' { Zeros::Kept } else { Zeros::Dropped };
        return (!goes_on).then_some((
            Chunk::Fraction { digits, separator: *separator, zeros },
            0,
            digits + 1,
        ));
    }
    // `_2006` is an underscore before a year.
    if rest.starts_with(b"_2006") {
        return Some((Chunk::LongYear, 1, 4));
    }
    let fixed =
        FIXED.iter().find(|(written, chunk)| !matches!(chunk, Chunk::Offset(_)) && rest.starts_with(written));
    if let Some(&(written, chunk)) = fixed {
        return Some((chunk, 0, written.len()));
    }
    // Three letters stand for a name if no word goes on after them.
    let is_word = rest.get(3).is_some_and(u8::is_ascii_lowercase);
    if rest.starts_with(b"Jan") && !is_word {
        return Some((Chunk::Month, 0, 3));
    }
    if rest.starts_with(b"Mon") && !is_word {
        return Some((Chunk::WeekDay, 0, 3));
    }
    None
}

/// The months.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
