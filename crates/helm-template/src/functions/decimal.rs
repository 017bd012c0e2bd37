//! Arithmetic on decimal fractions: 0.1 + 0.2 is 0.3.
//!
//! Each number is the shortest decimal that is read back as the same float; the result is rounded to a float at the
//! end. Division keeps 16 places.

use std::ops::{Add, Mul, Sub};

use go_text_template::{CallError, Value, format};
use num_bigint::BigInt;

use crate::declare::functions;
use crate::number::to_float64;

functions! {
    "addf"(; numbers: Any) -> Float = addf, "The sum of numbers.",
        fails "a number is infinite or none", example "{{ addf 0.1 0.2 }}" => "0.3";
    "add1f"(number: Any) -> Float = add1f, "One more.",
        fails "the number is infinite or none", example "{{ add1f 1.5 }}" => "2.5";
    "subf"(first: Any; numbers: Any) -> Float = subf, "The first number less all others.",
        fails "a number is infinite or none", example "{{ subf 0.3 0.1 }}" => "0.2";
    "mulf"(first: Any; numbers: Any) -> Float = mulf, "The product of numbers.",
        fails "a number is infinite or none", example "{{ mulf 1.1 3 }}" => "3.3";
    "divf"(first: Any; numbers: Any) -> Float = divf, "The first number divided by all others, to 16 places.",
        fails "a number is infinite or none, or a divisor 0", example "{{ divf 1 3 }}" => "0.3333333333333333";
}

/// `digits · 10^exponent`
#[derive(Clone, Debug)]
struct Decimal {
    digits: BigInt,
    exponent: i64,
}

impl Decimal {
    fn of(value: &Value) -> Result<Self, CallError> {
        Self::of_float(to_float64(value))
    }

    fn of_float(number: f64) -> Result<Self, CallError> {
        if !number.is_finite() {
            let shown = format::sprint(&[&Value::Float64(number)])?;
            let shown = String::from_utf8_lossy(&shown);
            return Err(CallError::new(format!("Cannot create a Decimal from {shown}")));
        }
        let mut buffer = zmij::Buffer::new();
        let shortest = buffer.format_finite(number);
        let (mantissa, exponent) = shortest.split_once('e').unwrap_or((shortest, "0"));
        let exponent: i64 = exponent.parse().unwrap_or(0);
        let places = mantissa.split_once('.').map_or(0, |(_, places)| places.len());
        let digits = mantissa.replace('.', "").parse().unwrap_or_default();
        Ok(Self { digits, exponent: exponent - i64::try_from(places).unwrap_or(0) })
    }

    fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// Both with the smaller of the two exponents.
    fn aligned(self, other: Self) -> (Self, Self) {
        let exponent = self.exponent.min(other.exponent);
        (self.with_exponent(exponent), other.with_exponent(exponent))
    }

    fn with_exponent(self, exponent: i64) -> Self {
        let digits = self.digits * power_of_ten(self.exponent - exponent);
        Self { digits, exponent }
    }

    /// Rounded to 16 places, half away from zero.
    fn divide(self, divisor: Self) -> Result<Self, CallError> {
        const PLACES: i64 = 16;
        let zero = BigInt::ZERO;
        if divisor.digits == zero {
            return Err(CallError::new("decimal division by 0"));
        }
        let shift = self.exponent - divisor.exponent + PLACES;
        let (numerator, divisor) = if shift >= 0 {
            (self.digits * power_of_ten(shift), divisor.digits)
        } else {
            (self.digits, divisor.digits * power_of_ten(-shift))
        };
        let mut quotient = &numerator / &divisor;
        let rest: BigInt = &numerator - &quotient * &divisor;
        let twice = BigInt::from(rest.magnitude().clone()) * 2u8;
        if twice >= BigInt::from(divisor.magnitude().clone()) {
            let up = (numerator < zero) == (divisor < zero);
            quotient += if up { 1 } else { -1 };
        }
        Ok(Self { digits: quotient, exponent: -PLACES })
    }
}

fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10u8).pow(u32::try_from(exponent).unwrap_or(0))
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (a, b) = self.aligned(other);
        Self { digits: a.digits + b.digits, exponent: a.exponent }
    }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let (a, b) = self.aligned(other);
        Self { digits: a.digits - b.digits, exponent: a.exponent }
    }
}

impl Mul for Decimal {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self { digits: self.digits * other.digits, exponent: self.exponent + other.exponent }
    }
}

fn fold(
    first: Decimal,
    numbers: &[&Value],
    combine: impl Fn(Decimal, Decimal) -> Result<Decimal, CallError>,
) -> Result<f64, CallError> {
    let mut result = first;
    for number in numbers {
        result = combine(result, Decimal::of(number)?)?;
    }
    Ok(result.to_float())
}

fn addf(numbers: &[&Value]) -> Result<f64, CallError> {
    fold(Decimal::of_float(0.0)?, numbers, |a, b| Ok(a + b))
}

fn add1f(number: &Value) -> Result<f64, CallError> {
    fold(Decimal::of(number)?, &[&Value::Int(1)], |a, b| Ok(a + b))
}

fn subf(first: &Value, numbers: &[&Value]) -> Result<f64, CallError> {
    fold(Decimal::of(first)?, numbers, |a, b| Ok(a - b))
}

fn mulf(first: &Value, numbers: &[&Value]) -> Result<f64, CallError> {
    fold(Decimal::of(first)?, numbers, |a, b| Ok(a * b))
}

fn divf(first: &Value, numbers: &[&Value]) -> Result<f64, CallError> {
    fold(Decimal::of(first)?, numbers, Decimal::divide)
}
