//! Template values as arguments of plain Rust functions.

use go_text_template::{Call, CallError, List, Map, Str, Value};

/// A Rust type that an argument can be taken as. The engine has checked the types; what fails here is a declaration
/// that does not fit its function.
pub(crate) trait Argument<'c>: Sized {
    /// Takes the argument at `at`.
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError>;
}

/// Hands out the arguments of a call in order.
pub(crate) struct Arguments<'a, 'c> {
    call: &'a Call<'c>,
    next: usize,
}

impl<'a, 'c> Arguments<'a, 'c> {
    /// From the first argument on.
    pub(crate) fn new(call: &'a Call<'c>) -> Self {
        Self { call, next: 0 }
    }

    /// The next argument.
    pub(crate) fn take<T: Argument<'c>>(&mut self) -> Result<T, CallError> {
        let at = self.next;
        self.next += 1;
        T::take(self.call, at)
    }
}

fn mismatch(call: &Call<'_>, at: usize) -> CallError {
    CallError::new(format!("unexpected type {}", call.argument(at).type_name()))
}

impl<'c> Argument<'c> for &'c Value {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        Ok(call.argument(at))
    }
}

impl<'c> Argument<'c> for &'c Str {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        call.string(at)
    }
}

impl<'c> Argument<'c> for &'c [u8] {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        call.string(at).map(Str::as_bytes)
    }
}

impl<'c> Argument<'c> for &'c List {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        call.list(at)
    }
}

impl<'c> Argument<'c> for &'c Map {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        call.map(at)
    }
}

impl Argument<'_> for i64 {
    fn take(call: &Call<'_>, at: usize) -> Result<Self, CallError> {
        call.int(at)
    }
}

impl Argument<'_> for bool {
    fn take(call: &Call<'_>, at: usize) -> Result<Self, CallError> {
        match call.argument(at) {
            Value::Bool(value) => Ok(*value),
            _ => Err(mismatch(call, at)),
        }
    }
}

impl Argument<'_> for f64 {
    fn take(call: &Call<'_>, at: usize) -> Result<Self, CallError> {
        match call.argument(at) {
            Value::Float64(value) => Ok(*value),
            _ => Err(mismatch(call, at)),
        }
    }
}

impl Argument<'_> for u32 {
    fn take(call: &Call<'_>, at: usize) -> Result<Self, CallError> {
        match call.argument(at) {
            Value::Uint32(value) => Ok(*value),
            _ => Err(mismatch(call, at)),
        }
    }
}

/// All arguments from here on.
impl<'c, T: Argument<'c>> Argument<'c> for Vec<T> {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        (at..call.arguments().len()).map(|index| T::take(call, index)).collect()
    }
}

/// All arguments from here on.
impl<'c> Argument<'c> for &'c [&'c Value] {
    fn take(call: &Call<'c>, at: usize) -> Result<Self, CallError> {
        Ok(call.arguments().get(at..).unwrap_or_default())
    }
}
