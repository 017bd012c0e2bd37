//! Go-yaml's order of map keys: numbers inside keys count as numbers, letters come after everything else.
//!
//! It is not a total order (`1a` < `9b` < `10x` < `1a`), where Go's own output varies from run to run. The sort here
//! accepts any order.

use super::Dialect;
use crate::yaml::unicode::{is_digit, is_letter};

/// Sorts items by their keys, which must be UTF-8.
pub(super) fn sort_by<T>(items: &mut Vec<T>, key: impl Fn(&T) -> &[u8], dialect: Dialect) {
    let is_less = |a: &T, b: &T| is_less(key(a), key(b), dialect);
    if items.windows(2).all(|pair| !is_less(&pair[1], &pair[0])) {
        return;
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    let mut merged = Vec::with_capacity(order.len());
    let mut width = 1;
    while width < order.len() {
        merged.clear();
        for pair in order.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged, |&a, &b| is_less(&items[a], &items[b]));
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

fn merge(left: &[usize], right: &[usize], out: &mut Vec<usize>, is_less: impl Fn(&usize, &usize) -> bool) {
    let (mut left, mut right) = (left, right);
    while let (Some(first), Some(second)) = (left.first(), right.first()) {
        if is_less(second, first) {
            out.push(*second);
            right = &right[1..];
        } else {
            out.push(*first);
            left = &left[1..];
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
}

/// Whether key `a` comes before key `b`.
fn is_less(a: &[u8], b: &[u8], dialect: Dialect) -> bool {
    let equal = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    match (a.get(equal), b.get(equal)) {
        (Some(a), Some(b)) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => a < b,
        (Some(_), Some(_)) => {
            let [a, b] = [a, b].map(|key| std::str::from_utf8(key).unwrap_or_default());
            differs_before(a, b, equal, dialect)
        }
        _ => a.len() < b.len(),
    }
}

/// Whether `a` comes before `b`, of which the first `equal` bytes are the same and the next are not.
fn differs_before(a: &str, b: &str, equal: usize, dialect: Dialect) -> bool {
    let start = a.floor_char_boundary(equal);
    let (before, tail_a, tail_b) = (&a[..start], &a[start..], &b[start..]);
    let (Some(first_a), Some(first_b)) = (tail_a.chars().next(), tail_b.chars().next()) else {
        return a.len() < b.len();
    };
    let (letter_a, letter_b) = (is_letter(first_a), is_letter(first_b));
    if letter_a && letter_b {
        return first_a < first_b;
    }
    if letter_a || letter_b {
        let is_after_digit = before.chars().next_back().is_some_and(is_digit);
        return if dialect == Dialect::Pretty && is_after_digit { letter_a } else { letter_b };
    }
    // A zero counts for less at the start of a number than inside it.
    let is_inside_number = (first_a == '0' || first_b == '0')
        && before.chars().rev().take_while(|&c| is_digit(c)).any(|c| c != '0');
    let start = i64::from(is_inside_number);
    let (number_a, digits_a) = leading_number(tail_a, start);
    let (number_b, digits_b) = leading_number(tail_b, start);
    (number_a, digits_a, first_a) < (number_b, digits_b, first_b)
}

/// The number at the start of a text and how many digits it has, with Go's arithmetic: it overflows silently, and
/// the value of a digit beyond ASCII is its distance from `0`.
fn leading_number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.chars().take_while(|&c| is_digit(c));
    digits.fold((start, 0), |(number, count), digit| {
        let value = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(value), count + 1)
    })
}
