//! Times, durations, months, weekdays and zones as templates see them: their methods are callable as fields.

use std::any::Any;
use std::sync::Arc;

use go_text_template::{Call, CallError, Field, Function, Kind, Object, Reply, Str, Type, Value};

use super::calendar::Civil;
use super::layout::{MONTHS, WEEKDAYS};
use super::location::{self, Location, location_type};
use super::{Duration, Time, Zone, duration};
use crate::declare::Shape;

/// Go's `time.Month`.
#[derive(Debug)]
struct Month(i64);

/// Go's `time.Weekday`.
#[derive(Debug)]
struct Weekday(i64);

/// A method: its parameters, the type of its result, and what it does.
type Method<T> =
    (&'static str, &'static [fn() -> Type], fn() -> Type, fn(&T, &Call<'_>) -> Result<Reply, CallError>);

fn find<T: Clone + Send + Sync + 'static>(
    methods: &'static [Method<T>],
    receiver: &T,
    name: &[u8],
) -> Option<Arc<Function>> {
    let &(name, params, result, body) = methods.iter().find(|method| method.0.as_bytes() == name)?;
    let receiver = receiver.clone();
    let builder = params.iter().fold(Function::new(name), |builder, param| builder.param(param()));
    Some(Arc::new(builder.returns(result()).body(move |call| body(&receiver, call))))
}

fn duration_type() -> Type {
    Type::object("time.Duration", Kind::Int64)
}

fn time_type() -> Type {
    Shape::Time.to_type()
}

fn month_type() -> Type {
    Type::object("time.Month", Kind::Int)
}

fn weekday_type() -> Type {
    Type::object("time.Weekday", Kind::Int)
}

fn int() -> Type {
    Type::Int
}

fn int64() -> Type {
    Type::Int64
}

fn float() -> Type {
    Type::Float64
}

fn string() -> Type {
    Type::String
}

fn bool() -> Type {
    Type::Bool
}

fn reply(value: impl Into<Value>) -> Result<Reply, CallError> {
    Ok(value.into().into())
}

/// An argument that is a time.
fn time_argument<'c>(call: &Call<'c>, at: usize) -> Result<&'c Time, CallError> {
    time_in(call.argument(at)).ok_or_else(|| CallError::new("argument is no time"))
}

/// The time that a value is.
pub(crate) fn time_in(value: &Value) -> Option<&Time> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    }
}

fn duration_argument(call: &Call<'_>, at: usize) -> Result<Duration, CallError> {
    match call.argument(at) {
        Value::Object(object) => object.as_any().downcast_ref().copied(),
        other => other.as_integer().and_then(|number| i64::try_from(number).ok()).map(Duration),
    }
    .ok_or_else(|| CallError::new("argument is no duration"))
}

fn number(value: u8) -> Result<Reply, CallError> {
    reply(i64::from(value))
}

const TIME: &[Method<Time>] = &[
    ("Year", &[], int, |time, _| reply(time.civil().year)),
    ("Month", &[], month_type, |time, _| reply(Value::object(Month(i64::from(time.civil().month))))),
    ("Day", &[], int, |time, _| number(time.civil().day)),
    ("Hour", &[], int, |time, _| number(time.civil().hour)),
    ("Minute", &[], int, |time, _| number(time.civil().minute)),
    ("Second", &[], int, |time, _| number(time.civil().second)),
    ("Nanosecond", &[], int, |time, _| reply(i64::from(time.nanoseconds))),
    ("YearDay", &[], int, |time, _| reply(time.civil().day_of_year())),
    ("Weekday", &[], weekday_type, |time, _| {
        reply(Value::object(Weekday(i64::try_from(time.civil().weekday()).unwrap_or(0))))
    }),
    ("Unix", &[], int64, |time, _| reply(Value::Int64(time.seconds))),
    ("UnixMilli", &[], int64, |time, _| reply(Value::Int64(time.in_unit(1_000)))),
    ("UnixMicro", &[], int64, |time, _| reply(Value::Int64(time.in_unit(1_000_000)))),
    ("UnixNano", &[], int64, |time, _| reply(Value::Int64(time.in_unit(1_000_000_000)))),
    ("IsZero", &[], bool, |time, _| reply(time.is_zero())),
    ("IsDST", &[], bool, |time, _| reply(time.zone.is_summer_time_at(time.seconds))),
    ("String", &[], string, |time, _| reply(time.to_text())),
    ("GoString", &[], string, |time, _| reply(time.to_go_string())),
    ("Format", &[string], string, |time, call| reply(Str::from(time.format(call.string(0)?.as_bytes())))),
    ("UTC", &[], time_type, |time, _| reply(Value::object(time.in_zone(Zone::Utc)))),
    ("Local", &[], time_type, |time, _| reply(Value::object(time.in_zone(time.local.clone())))),
    ("Location", &[], location_type, |time, _| reply(Value::object(Location(time.zone.clone())))),
    ("In", &[location_type], time_type, |time, call| {
        let zone = location::zone_of(call.argument(0))
            .ok_or_else(|| CallError::new("time: missing Location in call to Time.In"))?;
        reply(Value::object(time.in_zone(zone)))
    }),
    ("Add", &[duration_type], time_type, |time, call| {
        reply(Value::object(time.plus(duration_argument(call, 0)?)))
    }),
    ("Sub", &[time_type], duration_type, |time, call| {
        reply(Value::object(time.since(time_argument(call, 0)?)))
    }),
    ("AddDate", &[int, int, int], time_type, |time, call| {
        reply(Value::object(time.plus_date(call.int(0)?, call.int(1)?, call.int(2)?)))
    }),
    ("Truncate", &[duration_type], time_type, |time, call| {
        let unit = duration_argument(call, 0)?.0;
        reply(Value::object(time.plus(Duration(-time.beyond(unit)))))
    }),
    ("Round", &[duration_type], time_type, |time, call| {
        let unit = duration_argument(call, 0)?.0;
        let beyond = time.beyond(unit);
        let up = i128::from(beyond) * 2 >= i128::from(unit) && unit > 0;
        reply(Value::object(time.plus(Duration(if up { unit - beyond } else { -beyond }))))
    }),
    ("Before", &[time_type], bool, |time, call| reply(time.order(time_argument(call, 0)?) < 0)),
    ("After", &[time_type], bool, |time, call| reply(time.order(time_argument(call, 0)?) > 0)),
    ("Equal", &[time_type], bool, |time, call| reply(time.order(time_argument(call, 0)?) == 0)),
    ("Compare", &[time_type], int, |time, call| reply(time.order(time_argument(call, 0)?))),
];

impl Time {
    /// Units since 1970; too many wrap around.
    fn in_unit(&self, units: i64) -> i64 {
        self.seconds
            .wrapping_mul(units)
            .wrapping_add(i64::from(self.nanoseconds) / (duration::SECOND / units))
    }

    /// What lies beyond the last multiple of a unit since year 1, in nanoseconds.
    fn beyond(&self, unit: i64) -> i64 {
        if unit <= 0 {
            return 0;
        }
        let total =
            i128::from(self.since_year_one()) * i128::from(duration::SECOND) + i128::from(self.nanoseconds);
        total.rem_euclid(i128::from(unit)) as i64
    }

    fn order(&self, other: &Self) -> i64 {
        let key = |time: &Self| (time.since_year_one(), time.nanoseconds);
        key(self).cmp(&key(other)) as i64
    }

    fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let year = civil.year.wrapping_add(years);
        let days = Civil::days_of(year, i64::from(civil.month).wrapping_add(months), i64::from(civil.day))
            .wrapping_add(days);
        let clock = civil.seconds().rem_euclid(86_400);
        let moved = Civil::of_seconds(days.wrapping_mul(86_400).wrapping_add(clock), self.nanoseconds);
        Self::of_civil(&moved, self.zone.clone()).with_local(self.local.clone())
    }

    /// As a Go expression.
    fn to_go_string(&self) -> String {
        let Civil { year, month, day, hour, minute, second, nanosecond } = self.civil();
        let month = MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("January");
        let zone = match &self.zone {
            Zone::Utc => "time.UTC".to_owned(),
            Zone::Named { name, .. } if name == "Local" => "time.Local".to_owned(),
            other => {
                let name = go_text_template::format::quote(other.name());
                format!("time.Location({})", String::from_utf8_lossy(&name))
            }
        };
        format!("time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {nanosecond}, {zone})")
    }
}

impl Object for Time {
    fn object_type(&self) -> Type {
        time_type()
    }

    fn text(&self) -> Option<Str> {
        Some(self.to_text().into())
    }

    fn go_text(&self) -> Option<Str> {
        Some(self.to_go_string().into())
    }

    fn printed_fields(&self) -> Vec<Field> {
        vec![
            Field::new("wall", Value::Uint64(u64::from(self.nanoseconds))),
            Field::new("ext", Value::Int64(self.since_year_one())),
            Field::new("loc", location::pointer_to(&self.zone)),
        ]
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        find(TIME, self, name)
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.is_identical(other))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const DURATION: &[Method<Duration>] = &[
    ("Hours", &[], float, |duration, _| reply(duration.in_unit(3600 * duration::SECOND))),
    ("Minutes", &[], float, |duration, _| reply(duration.in_unit(60 * duration::SECOND))),
    ("Seconds", &[], float, |duration, _| reply(duration.in_unit(duration::SECOND))),
    ("Milliseconds", &[], int64, |duration, _| reply(Value::Int64(duration.0 / 1_000_000))),
    ("Microseconds", &[], int64, |duration, _| reply(Value::Int64(duration.0 / 1_000))),
    ("Nanoseconds", &[], int64, |duration, _| reply(Value::Int64(duration.0))),
    ("Abs", &[], duration_type, |duration, _| reply(Value::object(Duration(duration.0.saturating_abs())))),
    ("Round", &[duration_type], duration_type, |duration, call| {
        reply(Value::object(duration.round(duration_argument(call, 0)?.0)))
    }),
    ("Truncate", &[duration_type], duration_type, |duration, call| {
        reply(Value::object(duration.truncate(duration_argument(call, 0)?.0)))
    }),
    ("String", &[], string, |duration, _| reply(duration.to_string())),
];

impl Object for Duration {
    fn object_type(&self) -> Type {
        duration_type()
    }

    fn text(&self) -> Option<Str> {
        Some(self.to_string().into())
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        find(DURATION, self, name)
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Int64(self.0))
    }

    fn with_number(&self, number: i64) -> Option<Value> {
        Some(Value::object(Self(number)))
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A named number with a name for each value.
macro_rules! named_numbers {
    ($($of:ident: $type_of:path, $names:path, $first:literal, $go_name:literal;)*) => {$(
        impl $of {
            fn name(&self) -> Str {
                let at = usize::try_from(self.0 - $first).ok();
                match at.and_then(|at| $names.get(at)) {
                    Some(name) => Str::from(*name),
                    None => format!("%!{}({})", $go_name, self.0).into(),
                }
            }
        }

        impl Object for $of {
            fn object_type(&self) -> Type {
                $type_of()
            }

            fn text(&self) -> Option<Str> {
                Some(self.name())
            }

            fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
                let text = self.name();
                let string = move |_: &Call<'_>| Ok(text.clone());
                (name == b"String").then(|| Arc::new(Function::new("String").returns(Type::String).body(string)))
            }

            fn underlying(&self) -> Option<Value> {
                Some(Value::Int(self.0))
            }

            fn with_number(&self, number: i64) -> Option<Value> {
                Some(Value::object(Self(number)))
            }

            fn equals(&self, other: &dyn Object) -> Option<bool> {
                other.as_any().downcast_ref::<Self>().map(|other| self.0 == other.0)
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    )*};
}

named_numbers! {
    Month: month_type, MONTHS, 1, "Month";
    Weekday: weekday_type, WEEKDAYS, 0, "Weekday";
}
