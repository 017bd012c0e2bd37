//! How the structures that templates meet look to JSON, YAML and TOML.

use go_text_template::{Field, Object, Str, Value};

use crate::functions::semver::Version;
use crate::time::Time;

/// What a structure is written as.
pub(crate) enum Form<'o> {
    /// A time.
    Time(&'o Time),
    /// A text, by its `MarshalText`.
    Text(Str),
    /// A basic value: durations, months, weekdays.
    Basic(Value),
    /// Its fields.
    Record(Vec<Field>),
}

/// The form of an object.
pub(crate) fn form_of(object: &dyn Object) -> Form<'_> {
    let any = object.as_any();
    if let Some(time) = any.downcast_ref::<Time>() {
        return Form::Time(time);
    }
    if let Some(version) = any.downcast_ref::<Version>() {
        return Form::Text(version.to_string().into());
    }
    match object.underlying() {
        Some(value) => Form::Basic(value),
        None => Form::Record(object.fields()),
    }
}
