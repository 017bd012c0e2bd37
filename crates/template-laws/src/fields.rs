//! Inputs are texts of lines, so that a person can read a seed and a fuzzer can splice two of them.

/// The first line, without its end, and what follows. A text without a line break is one line.
pub(crate) fn line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|&byte| byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[]),
    }
}

/// The first lines, and what follows.
pub(crate) fn lines<const N: usize>(input: &[u8]) -> ([&[u8]; N], &[u8]) {
    let mut rest = input;
    let lines = std::array::from_fn(|_| {
        let (first, after) = line(rest);
        rest = after;
        first
    });
    (lines, rest)
}
