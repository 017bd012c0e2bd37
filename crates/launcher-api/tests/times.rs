//! Times: one form out, several in.

use jiff::Timestamp;
use launcher_api::JobTime;
use proptest::prelude::*;

fn rewritten(text: &str) -> Option<String> {
    text.parse::<JobTime>().ok().map(|time| time.to_string())
}

#[test]
fn times_are_read_in_these_forms() {
    let noon = Some("2026-11-24T12:00:00Z".to_owned());
    for form in [
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00",
        "2026-11-24T12:00:00.0",
        "2026-11-24T12:00:00.000000000Z",
        "2026-11-24T12:00:00.0000009Z",
        "2026-11-24T14:00:00+02:00",
        "2026-11-24T08:30:00-03:30",
        "2026-11-25T11:59:00.0+23:59",
        "2026-11-24t12:00:00z",
    ] {
        assert_eq!(rewritten(form), noon, "{form}");
    }
}

#[test]
fn the_fraction_is_written_with_six_digits_or_not_at_all() {
    for (form, written) in [
        ("2026-11-24T09:30:12.250118Z", "2026-11-24T09:30:12.250118Z"),
        ("2026-11-24T09:30:12.5Z", "2026-11-24T09:30:12.500000Z"),
        ("2026-11-24T09:30:12.000001Z", "2026-11-24T09:30:12.000001Z"),
        ("2026-11-24T09:30:12.999999999Z", "2026-11-24T09:30:12.999999Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("9999-12-30T00:00:00Z", "9999-12-30T00:00:00Z"),
    ] {
        assert_eq!(rewritten(form).as_deref(), Some(written), "{form}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    for form in [
        "",
        "now",
        "2026-11-24",
        "2026-11-24T12:00",
        "2026-11-24 12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:60:00Z",
        "2026-11-24T12:00:60Z",
        "2026-11-24T12:00:00.Z",
        "2026-11-24T12:00:00.1234567890Z",
        "2026-11-24T12:00:00,5Z",
        "2026-11-24T12:00:00+0200",
        "2026-11-24T12:00:00+24:00",
        "2026-11-24T12:00:00+02:60",
        "2026-11-24T12:00:00ZZ",
        "2026-11-24T12:00:00 ",
        " 2026-11-24T12:00:00",
        "-026-11-24T12:00:00",
        "+026-11-24T12:00:00",
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "２026-11-24T12:00:00Z",
    ] {
        assert_eq!(rewritten(form), None, "{form}");
    }
    assert_eq!(
        "now".parse::<JobTime>().unwrap_err().to_string(),
        "expected a time such as 2026-11-24T09:30:12Z, found 'now'"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_time_is_the_same_after_it_went_over_the_wire(
        seconds in -62_000_000_000_i64..253_000_000_000,
        nanoseconds in 0..1_000_000_000_i32,
    ) {
        let time = JobTime::new(Timestamp::new(seconds, nanoseconds).unwrap());
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn no_text_makes_reading_a_time_panic(text in r"[-+0-9TZtz:. ]{0,40}|\PC{0,40}") {
        if let Some(written) = rewritten(&text) {
            prop_assert_eq!(rewritten(&written), Some(written.clone()));
        }
    }
}
