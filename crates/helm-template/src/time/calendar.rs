//! The calendar, for all years that seconds can reach.

/// What calendar and clock show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// The year, negative before year 0.
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: u8,
    /// From 1.
    pub(crate) day: u8,
    /// From 0 to 23.
    pub(crate) hour: u8,
    /// From 0 to 59.
    pub(crate) minute: u8,
    /// From 0 to 59.
    pub(crate) second: u8,
    /// Within the second.
    pub(crate) nanosecond: u32,
}

const DAY: i64 = 86_400;

/// 400 years.
const DAYS_OF_ERA: i64 = 146_097;

/// The eras between the day from which Go counts and 0000-03-01.
const ERAS: i64 = 292_277_022_400 / 400;

/// From the day from which Go counts to 1970, in seconds that wrap around.
const FIRST_SECOND: u64 = (ERAS * DAYS_OF_ERA + 719_468).cast_unsigned().wrapping_mul(DAY.unsigned_abs());

/// Days before each month in a year that is no leap year.
const DAYS_BEFORE: [u16; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// Whether a year has 366 days.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days before a month (from 1), in a year that is no leap year.
pub(super) fn days_before(month: usize) -> i64 {
    DAYS_BEFORE.get(month.saturating_sub(1)).map_or(365, |&days| i64::from(days))
}

/// Days of a month (from 1).
pub(super) fn days_in(month: usize, year: i64) -> i64 {
    let extra = i64::from(month == 2 && is_leap(year));
    days_before(month + 1) - days_before(month) + extra
}

impl Civil {
    /// What is shown so many seconds after 1970-01-01 00:00:00.
    pub(super) fn of_seconds(seconds: i64, nanosecond: u32) -> Self {
        // Go counts from far before all years, without a sign: the first of all seconds come after the last.
        let counted = seconds.cast_unsigned().wrapping_add(FIRST_SECOND);
        let (days, second) = ((counted / DAY.unsigned_abs()).cast_signed(), counted % DAY.unsigned_abs());
        // Days are counted from 0000-03-01, so that leap days end their years; 400 years have 146,097 days.
        let shifted = days - ERAS * DAYS_OF_ERA;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self {
            year,
            month: month as u8,
            day: day as u8,
            hour: (second / 3600) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
            nanosecond,
        }
    }

    /// Seconds after 1970-01-01 00:00:00 at which this is shown.
    pub(super) fn seconds(&self) -> i64 {
        let date = Self::days_of(self.year, i64::from(self.month), i64::from(self.day));
        date.wrapping_mul(DAY)
            .wrapping_add(i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second))
    }

    /// Days since 1970-01-01; months and days beyond their range count on.
    pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
        let year = year.wrapping_add((month - 1).div_euclid(12));
        let month = (month - 1).rem_euclid(12) + 1;
        let year = if month <= 2 { year.wrapping_sub(1) } else { year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5;
        let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
        era.wrapping_mul(146_097).wrapping_add(day_of_era - 719_468).wrapping_add(day - 1)
    }

    /// The day of the year, from 1.
    pub(super) fn day_of_year(&self) -> i64 {
        Self::days_of(self.year, i64::from(self.month), i64::from(self.day)) - Self::days_of(self.year, 1, 1)
            + 1
    }

    /// The day of the week, from 0 for Sunday.
    pub(super) fn weekday(&self) -> usize {
        let days = Self::days_of(self.year, i64::from(self.month), i64::from(self.day));
        usize::try_from((days + 4).rem_euclid(7)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_each_others_inverse() {
        for seconds in
            [0, -1, 951_782_400, -62_135_596_800, 253_402_300_799, 1_709_164_800, -99_999_999_999_999]
        {
            assert_eq!(Civil::of_seconds(seconds, 5).seconds(), seconds);
        }
        let leap = Civil::of_seconds(1_709_164_800, 0);
        assert_eq!(
            (leap.year, leap.month, leap.day, leap.weekday(), leap.day_of_year()),
            (2024, 2, 29, 4, 60)
        );
    }
}
