//! Numbers: conversion, integer arithmetic that wraps around, rounding, sequences.

use go_text_template::{CallError, List, Type, Value, format};

use crate::declare::functions;
use crate::growth;
use crate::number::{Base, parse_int, to_float64, to_int64};
use crate::world::World;

functions! {
    "int"(value: Any) -> Int = int, "The value as an `int`; 0 when it is no number.",
        example r#"{{ int "12" }} {{ int 2.9 }} {{ int "0x1f" }} {{ int "x" }}"# => "12 2 31 0";
    "int64"(value: Any) -> Int64 = int64, "The value as an `int64`; 0 when it is no number.",
        example r#"{{ int64 "12" }}"# => "12";
    "float64"(value: Any) -> Float = float64, "The value as a `float64`; 0 when it is no number.",
        example r#"{{ float64 "1.5" }}"# => "1.5";
    "atoi"(text: Text) -> Int = atoi, "A decimal number in a text; 0 when it is none.",
        example r#"{{ atoi "42" }} {{ atoi "1.5" }}"# => "42 0";
    "toDecimal"(value: Any) -> Int64 = to_decimal, "Reads the text of a value as an octal number.",
        example r#"{{ toDecimal "777" }}"# => "511";
    "add"(; numbers: Any) -> Int64 = add, "The sum of integers.", example "{{ add 1 2 3 }}" => "6";
    "add1"(number: Any) -> Int64 = add1, "One more.", example "{{ add1 4 }}" => "5";
    "sub"(left: Any, right: Any) -> Int64 = sub, "The difference of two integers.",
        example "{{ sub 5 2 }}" => "3";
    "mul"(first: Any; numbers: Any) -> Int64 = mul, "The product of integers.",
        example "{{ mul 2 3 4 }}" => "24";
    "div"(left: Any, right: Any) -> Int64 = div, "The quotient of two integers, without its fraction.",
        fails "the divisor is 0", example "{{ div 7 2 }}" => "3";
    "mod"(left: Any, right: Any) -> Int64 = modulo, "The remainder of a division, with the sign of the dividend.",
        fails "the divisor is 0", example "{{ mod 7 3 }} {{ mod -7 3 }}" => "1 -1";
    "max" | "biggest"(first: Any; numbers: Any) -> Int64 = max, "The largest of integers.",
        example "{{ max 1 5 3 }}" => "5";
    "min"(first: Any; numbers: Any) -> Int64 = min, "The smallest of integers.",
        example "{{ min 4 2 3 }}" => "2";
    "maxf"(first: Any; numbers: Any) -> Float = maxf, "The largest of numbers.",
        example "{{ maxf 1 2.5 }}" => "2.5";
    "minf"(first: Any; numbers: Any) -> Float = minf, "The smallest of numbers.",
        example "{{ minf 1 2.5 }}" => "1";
    "ceil"(number: Any) -> Float = ceil, "The next whole number, upward.", example "{{ ceil 1.2 }}" => "2";
    "floor"(number: Any) -> Float = floor, "The next whole number, downward.",
        example "{{ floor 1.8 }}" => "1";
    "round"(number: Any, places: Int; from: Float) -> Float = round,
        "Rounds to decimal places: up from the fraction given, by default 0.5; below zero always down.",
        example "{{ round 123.5555 3 }} {{ round 2.4 0 0.4 }} {{ round -2.4 0 }}" => "123.556 2 -3";
    "until"(count: Int) -> Ints = until, "The numbers from 0 up (or down) to one before the count.",
        fails "there would be too many", example "{{ until 3 }}" => "[0 1 2]";
    "untilStep"(start: Int, stop: Int, step: Int) -> Ints = until_step,
        "The numbers from start to before stop, in steps.",
        fails "there would be too many", example "{{ untilStep 3 9 2 }}" => "[3 5 7]";
    "seq"(; bounds: Int) -> Text = seq,
        "Numbers as text: to an end, from start to end, or from start in steps to end.",
        fails "there would be too many",
        example "{{ seq 3 }}; {{ seq 2 4 }}; {{ seq 0 2 6 }}" => "1 2 3; 2 3 4; 0 2 4 6";
    "randInt"(least: Int, end: Int) -> Int = [world] rand_int, "A random number from least to before the end.",
        fails "there is no such number", example "{{ randInt 5 6 }}" => "5";
}

/// More numbers than this are not made at once. Go would go on until its memory ends.
const MOST_NUMBERS: u64 = 1 << 24;

fn int(value: &Value) -> i64 {
    to_int64(value)
}

fn int64(value: &Value) -> Value {
    Value::Int64(to_int64(value))
}

fn float64(value: &Value) -> f64 {
    to_float64(value)
}

/// Decimal only. What is too large becomes the largest number, as `strconv.Atoi` has it beside its error.
fn atoi(text: &[u8]) -> i64 {
    saturating(text, Base::Decimal)
}

fn to_decimal(value: &Value) -> Result<Value, CallError> {
    let text = format::sprint(&[value])?;
    Ok(Value::Int64(parse_int(&text, Base::Octal).unwrap_or(0)))
}

fn saturating(text: &[u8], base: Base) -> i64 {
    if let Some(number) = parse_int(text, base) {
        return number;
    }
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (number, rest) = digits.split_at(digits.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let is_too_large =
        |number: &[u8]| std::str::from_utf8(number).is_ok_and(|number| number.parse::<u64>().is_err());
    // Go reads digits until there are too many for 64 bits, and does not look at what follows them then.
    if number.is_empty() || (!rest.is_empty() && !is_too_large(number)) {
        return 0;
    }
    if text[0] == b'-' { i64::MIN } else { i64::MAX }
}

fn add(numbers: &[&Value]) -> Value {
    Value::Int64(numbers.iter().fold(0, |sum, number| sum.wrapping_add(to_int64(number))))
}

fn add1(number: &Value) -> Value {
    Value::Int64(to_int64(number).wrapping_add(1))
}

fn sub(left: &Value, right: &Value) -> Value {
    Value::Int64(to_int64(left).wrapping_sub(to_int64(right)))
}

fn mul(first: &Value, numbers: &[&Value]) -> Value {
    let product =
        numbers.iter().fold(to_int64(first), |product, number| product.wrapping_mul(to_int64(number)));
    Value::Int64(product)
}

fn divided(left: &Value, right: &Value, divide: impl Fn(i64, i64) -> i64) -> Result<Value, CallError> {
    match to_int64(right) {
        0 => Err(CallError::new("runtime error: integer divide by zero")),
        divisor => Ok(Value::Int64(divide(to_int64(left), divisor))),
    }
}

fn div(left: &Value, right: &Value) -> Result<Value, CallError> {
    divided(left, right, i64::wrapping_div)
}

fn modulo(left: &Value, right: &Value) -> Result<Value, CallError> {
    divided(left, right, i64::wrapping_rem)
}

fn max(first: &Value, numbers: &[&Value]) -> Value {
    Value::Int64(numbers.iter().fold(to_int64(first), |most, number| most.max(to_int64(number))))
}

fn min(first: &Value, numbers: &[&Value]) -> Value {
    Value::Int64(numbers.iter().fold(to_int64(first), |least, number| least.min(to_int64(number))))
}

fn maxf(first: &Value, numbers: &[&Value]) -> f64 {
    numbers.iter().fold(to_float64(first), |most, number| go_max(most, to_float64(number)))
}

fn minf(first: &Value, numbers: &[&Value]) -> f64 {
    numbers.iter().fold(to_float64(first), |least, number| {
        let least = -go_max(-least, -to_float64(number));
        // Of the two NaNs, that without a sign.
        if least.is_nan() { f64::NAN } else { least }
    })
}

/// Go's `math.Max`: infinity before NaN before all else, and 0 before -0.
fn go_max(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && a == b {
        if a.is_sign_negative() { b } else { a }
    } else if a > b {
        a
    } else {
        b
    }
}

fn ceil(number: &Value) -> f64 {
    to_float64(number).ceil()
}

fn floor(number: &Value) -> f64 {
    to_float64(number).floor()
}

fn round(number: &Value, places: i64, from: Vec<f64>) -> f64 {
    let from = from.into_iter().next().unwrap_or(0.5);
    let power = power_of_ten(places);
    let digits = power * to_float64(number);
    let fraction = if digits.is_infinite() { f64::NAN } else { digits.fract() };
    let rounded = if fraction >= from { digits.ceil() } else { digits.floor() };
    rounded / power
}

/// Go's `math.Pow(10, places)`.
fn power_of_ten(places: i64) -> f64 {
    if (0..=1).contains(&places) {
        return if places == 0 { 1.0 } else { 10.0 };
    }
    // Go multiplies the powers 10¹, 10², 10⁴, … that the exponent is made of, each rounded: so are its large powers.
    // They are kept as fractions from 0.5 to 1, with their exponents of 2.
    const MOST: i64 = 1 << 12;
    let (mut fraction, mut exponent) = (0.625, 4);
    let (mut result, mut result_exponent) = (1.0, 0);
    let mut left = places.unsigned_abs();
    while left != 0 {
        if exponent > MOST {
            result_exponent += exponent;
            break;
        }
        if left & 1 == 1 {
            result *= fraction;
            result_exponent += exponent;
        }
        fraction *= fraction;
        exponent *= 2;
        if fraction < 0.5 {
            fraction += fraction;
            exponent -= 1;
        }
        left >>= 1;
    }
    if places < 0 { scaled(1.0 / result, -result_exponent) } else { scaled(result, result_exponent) }
}

/// A number times a power of 2, rounded once: Go's `math.Ldexp`.
fn scaled(number: f64, exponent: i64) -> f64 {
    const BIAS: i64 = 1023;
    const FRACTION_BITS: u32 = 52;
    let bits = number.to_bits();
    let exponent = exponent + i64::from((bits >> FRACTION_BITS) as u16 & 0x7ff) - BIAS;
    let with_exponent = |exponent: i64| {
        let biased = u64::try_from(exponent + BIAS).unwrap_or(0);
        f64::from_bits(bits & ((1 << FRACTION_BITS) - 1) | biased << FRACTION_BITS)
    };
    match exponent {
        ..-1075 => 0.0,
        // Below the least normal number: by a detour through one.
        -1075..-1022 => with_exponent(exponent + 53) * f64::EPSILON / 2.0,
        -1022..=1023 => with_exponent(exponent),
        _ => f64::INFINITY,
    }
}

fn numbers(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, CallError> {
    let upward = stop >= start;
    if (upward && step <= 0) || (!upward && step >= 0) {
        return Ok(Vec::new());
    }
    let too_many =
        |count: u64| CallError::new(format!("{count} numbers are more than the limit of {MOST_NUMBERS}"));
    let count = start.abs_diff(stop).div_ceil(step.unsigned_abs());
    if count > MOST_NUMBERS {
        return Err(too_many(count));
    }
    // A number that grows too large begins again with the smallest, and may so come by many times.
    let mut numbers = Vec::new();
    let mut number = start;
    while if upward { number < stop } else { number > stop } {
        if numbers.len() as u64 == MOST_NUMBERS {
            return Err(too_many(MOST_NUMBERS + 1));
        }
        numbers.push(number);
        number = number.wrapping_add(step);
    }
    Ok(numbers)
}

fn list_of(numbers: Vec<i64>) -> List {
    growth::grown(Type::Int, numbers.into_iter().map(Value::Int).collect())
}

fn until(count: i64) -> Result<List, CallError> {
    numbers(0, count, if count < 0 { -1 } else { 1 }).map(list_of)
}

fn until_step(start: i64, stop: i64, step: i64) -> Result<List, CallError> {
    numbers(start, stop, step).map(list_of)
}

fn seq(bounds: Vec<i64>) -> Result<String, CallError> {
    let mut bounds = bounds.into_iter();
    let (start, step, end) = match (bounds.next(), bounds.next(), bounds.next(), bounds.next()) {
        (Some(end), None, ..) => (1, if end < 1 { -1 } else { 1 }, end),
        (Some(start), Some(end), None, _) => (start, if end < start { -1 } else { 1 }, end),
        (Some(start), Some(step), Some(end), None) if end >= start || step <= 0 => (start, step, end),
        _ => return Ok(String::new()),
    };
    let beyond = if end < start { -1 } else { 1 };
    let texts: Vec<String> =
        numbers(start, end.wrapping_add(beyond), step)?.iter().map(i64::to_string).collect();
    Ok(texts.join(" "))
}

fn rand_int(world: &dyn World, least: i64, end: i64) -> Result<i64, CallError> {
    let span = end.wrapping_sub(least);
    let Some(span) = u64::try_from(span).ok().filter(|&span| span > 0) else {
        return Err(CallError::new("invalid argument to Intn"));
    };
    Ok(least.wrapping_add(super::random::below(world, span)? as i64))
}
