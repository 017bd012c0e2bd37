//! Results of plain Rust functions as template values.

use go_text_template::{CallError, List, Map, Render, Reply, Str, Value};

/// What a function may give.
pub(crate) trait Answer {
    /// As the engine takes it.
    fn answer(self) -> Result<Reply, CallError>;
}

macro_rules! answers {
    ($($of:ty),* $(,)?) => {$(
        impl Answer for $of {
            fn answer(self) -> Result<Reply, CallError> {
                Ok(Reply::from(self))
            }
        }
    )*};
}

answers!(Value, &str, String, Str, bool, f64, List, Map, Render);

impl Answer for i64 {
    /// An `int`.
    fn answer(self) -> Result<Reply, CallError> {
        Ok(Value::Int(self).into())
    }
}

impl Answer for Vec<u8> {
    /// A string.
    fn answer(self) -> Result<Reply, CallError> {
        Ok(Value::String(self.into()).into())
    }
}

impl Answer for &[u8] {
    /// A string.
    fn answer(self) -> Result<Reply, CallError> {
        Ok(Value::String(self.into()).into())
    }
}

impl<T: Answer, E: Into<CallError>> Answer for Result<T, E> {
    fn answer(self) -> Result<Reply, CallError> {
        self.map_err(Into::into)?.answer()
    }
}
