//! Running: whatever a template does, it ends within its limits, twice in the same way.
//!
//! An input is a line with a mode, a line of JSON for dot, and a template. Where the JSON is none, dot has a value of
//! every kind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use go_text_template::{Cause, ExecError, List, Str, Type, Value};
use helm_template::data::{WholeNumbers, from_json};
use helm_template::{Error, Limits, Mode, Templates};

use crate::fields;
use crate::places::check_error;
use crate::world::StillWorld;

const FILE: &str = "t";
const MOST_OUTPUT: usize = 1 << 20;
const MOST_MADE: usize = 64 << 20;
const MOST_TIME: Duration = Duration::from_secs(5);

/// Functions that take long by design: their names are enough to leave a template out.
const SLOW: [&[u8]; 4] = [b"gen", b"bcrypt", b"htpasswd", b"derivePassword"];

const MODES: [(&[u8], Mode); 6] = [
    (b"helm", Mode::Helm),
    (b"strict", Mode::Strict),
    (b"go", Mode::Go),
    (b"sprig", Mode::Sprig),
    (b"bare", Mode::Bare),
    (b"barestrict", Mode::BareStrict),
];

thread_local! {
    static SETS: Vec<Templates> =
        MODES.iter().map(|&(_, mode)| Templates::with_world(mode, Arc::new(StillWorld))).collect();
}

/// Checks a rendering.
pub fn check(input: &[u8]) {
    let ([mode, json], text) = fields::lines::<2>(input);
    if SLOW.iter().any(|name| text.windows(name.len()).any(|window| window == *name)) {
        return;
    }
    let mode = MODES.iter().position(|&(name, _)| name == mode).unwrap_or(0);
    let data = || from_json(json, WholeNumbers::Int).unwrap_or_else(|_| every_kind());
    let mut templates = SETS.with(|sets| sets[mode].clone()).with_limits(limits());
    if let Err(error) = templates.add(FILE, text) {
        check_error(error.engine(), FILE, text);
        return;
    }
    // A template may change its data, so each rendering has its own.
    let first = rendered(&templates, &data(), text);
    if !matches!(&first.1, Some(error) if is_about_time(error)) {
        let second = rendered(&templates.with_limits(limits()), &data(), text);
        assert_eq!(first.0, second.0, "the same output twice");
        assert_eq!(
            first.1.map(|error| error.to_string()),
            second.1.map(|error| error.to_string()),
            "the same error twice"
        );
    }
}

fn limits() -> Limits {
    Limits {
        output: MOST_OUTPUT,
        steps: 20_000,
        template_depth: 1_000,
        render_depth: 1_000,
        stack: 100_000,
        made: MOST_MADE,
        value_depth: 1_000,
        deadline: Some(Instant::now() + MOST_TIME),
    }
}

fn rendered(templates: &Templates, data: &Value, text: &[u8]) -> (Vec<u8>, Option<Error>) {
    StillWorld::restart();
    let mut out = Vec::new();
    let error = templates.render_into(FILE, data, &mut out).err();
    assert!(out.len() <= MOST_OUTPUT, "{} bytes are beyond the limit", out.len());
    if let Some(error) = &error {
        check_error(error.engine(), FILE, text);
        assert!(!error.in_helms_words().is_empty());
    }
    (out, error)
}

fn is_about_time(error: &Error) -> bool {
    matches!(error.engine().cause(), Cause::Exec(ExecError::Deadline))
}

/// A dot with a value of every kind.
fn every_kind() -> Value {
    let inner = Value::map([("a", Value::from(1)), ("b", Value::Nil), ("c", "x".into())]);
    Value::map([
        ("nil", Value::Nil),
        ("yes", true.into()),
        ("int", Value::Int(-3)),
        ("big", Value::Int64(i64::MAX)),
        ("byte", Value::Uint8(200)),
        ("huge", Value::Uint64(u64::MAX)),
        ("float", 2.5.into()),
        ("nan", f64::NAN.into()),
        ("complex", Value::Complex128(1.0, -2.0)),
        ("text", "héllo wörld".into()),
        ("broken", Value::String(Str::from(&b"a\xff\xc3"[..]))),
        ("list", Value::list([Value::from(3), "b".into(), Value::Nil, inner.clone()])),
        ("texts", Value::List(List::of(Type::String, vec!["b".into(), "a".into()]))),
        ("empty", Value::list::<Value>([])),
        ("no", Value::List(List::nil(Type::Any))),
        ("map", inner),
    ])
}
