//! Which texts go-yaml takes for timestamps, by the rules of Go's `time.Parse`.
//!
//! The layouts are `2006-1-2T15:4:5.999999999Z07:00` (also with `t`), `2006-1-2 15:4:5.999999999` and `2006-1-2`.

/// Whether the text is a timestamp: well-formed, and the day exists.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 4 && bytes.get(4) == Some(&b'-') && parse(&text[..4], &bytes[5..]).is_some()
}

fn parse(year: &str, rest: &[u8]) -> Option<()> {
    let mut rest = Rest(rest);
    let year: u32 = year.parse().ok()?;
    let month = rest.number_below(13)?;
    rest.literal(b'-')?;
    let day = rest.number()?;
    if month == 0 || day == 0 || day > days_in(month, year) {
        return None;
    }
    match rest.0.first() {
        None => return Some(()),
        Some(b'T' | b't') => {
            rest.0 = &rest.0[1..];
            rest.clock()?;
            rest.zone()?;
        }
        Some(b' ') => {
            // A space in a layout takes any number of them.
            let spaces = rest.0.iter().take_while(|&&byte| byte == b' ').count();
            rest.0 = &rest.0[spaces..];
            rest.clock()?;
        }
        Some(_) => return None,
    }
    rest.0.is_empty().then_some(())
}

fn days_in(month: u32, year: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// One or two digits.
    fn number(&mut self) -> Option<u32> {
        let digit = |at: usize| {
            self.0.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
        };
        let first = digit(0)?;
        let (value, length) = match digit(1) {
            Some(second) => (first * 10 + second, 2),
            None => (first, 1),
        };
        self.0 = &self.0[length..];
        Some(value)
    }

    fn number_below(&mut self, limit: u32) -> Option<u32> {
        self.number().filter(|&value| value < limit)
    }

    /// Two digits.
    fn pair_up_to(&mut self, limit: u32) -> Option<u32> {
        self.0.get(1).filter(|byte| byte.is_ascii_digit())?;
        self.number_below(limit + 1)
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Hour, minute, second and any number of decimals after a point or comma.
    fn clock(&mut self) -> Option<()> {
        self.number_below(24)?;
        self.literal(b':')?;
        self.number_below(60)?;
        self.literal(b':')?;
        self.number_below(60)?;
        if let [b'.' | b',', b'0'..=b'9', ..] = self.0 {
            let decimals = self.0[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = &self.0[1 + decimals..];
        }
        Some(())
    }

    /// `Z` or an offset; offsets of 24 hours and 60 minutes are let through, as Go does.
    fn zone(&mut self) -> Option<()> {
        if self.literal(b'Z').is_some() {
            return Some(());
        }
        self.literal(b'+').or_else(|| self.literal(b'-'))?;
        self.pair_up_to(24)?;
        self.literal(b':')?;
        self.pair_up_to(60)?;
        Some(())
    }
}
