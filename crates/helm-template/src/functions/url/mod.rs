//! URLs, as Go's `net/url` takes them apart and puts them together.

mod escape;
mod host;
mod parse;
mod print;

use go_text_template::{CallError, Map, Str, Value, format};

use crate::declare::functions;
use parse::UrlError;

functions! {
    "urlParse"(text: Text) -> Map = url_parse,
        "The parts of a URL: `scheme`, `userinfo`, `host`, `hostname`, `path`, `query`, `opaque`, `fragment`.",
        fails "it is no URL", example r#"{{ (urlParse "https://h:80/p?q").host }}"# => "h:80";
    "urlJoin"(parts: Map) -> Text = url_join, "A URL of parts, as `urlParse` gives them.",
        fails "a part is no text",
        example r#"{{ urlJoin (dict "scheme" "http" "host" "h" "path" "/p") }}"# => "http://h/p";
}

/// The parts of a URL, unescaped, and how they were written where that matters.
#[derive(Clone, Debug, Default)]
struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    user: Option<User>,
    host: Vec<u8>,
    path: Vec<u8>,
    /// As written, if that is not how it would be escaped.
    raw_path: Vec<u8>,
    /// Whether there was one slash only, and so no host.
    omit_host: bool,
    /// Whether there was a question mark with nothing after it.
    force_query: bool,
    query: Vec<u8>,
    fragment: Vec<u8>,
    /// As written, if that is not how it would be escaped.
    raw_fragment: Vec<u8>,
}

/// A user and perhaps a password.
#[derive(Clone, Debug)]
struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

fn failed(what: &str, error: &UrlError) -> CallError {
    CallError::new(format!("{what}: {error}"))
}

fn url_parse(text: &[u8]) -> Result<Map, CallError> {
    let url = Url::parse(text).map_err(|error| failed("unable to parse url", &error))?;
    let user_info = url.user.as_ref().map(User::print).unwrap_or_default();
    let hostname = host::without_port(&url.host).to_vec();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", user_info),
    ];
    Ok(Map::new(parts.map(|(name, part)| (name, Value::String(part.into())))))
}

fn url_join(parts: &Map) -> Result<Vec<u8>, CallError> {
    let mut url = Url {
        scheme: part(parts, "scheme")?,
        host: part(parts, "host")?,
        path: part(parts, "path")?,
        query: part(parts, "query")?,
        opaque: part(parts, "opaque")?,
        fragment: part(parts, "fragment")?,
        ..Url::default()
    };
    let user_info = part(parts, "userinfo")?;
    if !user_info.is_empty() {
        let text = [b"proto://", &user_info[..], b"@host"].concat();
        let parsed = Url::parse(&text).map_err(|error| failed("unable to parse userinfo in dict", &error))?;
        url.user = parsed.user;
    }
    Ok(url.print())
}

fn part(parts: &Map, name: &str) -> Result<Vec<u8>, CallError> {
    match parts.get(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.as_bytes().to_vec()),
        Some(Value::Nil) => {
            Err(CallError::new("runtime error: invalid memory address or nil pointer dereference"))
        }
        Some(other) => {
            let kind = other.kind();
            let text = format!("unable to parse {name} key, must be of type string, but {kind} found");
            Err(CallError::new(text))
        }
    }
}

/// A text for a message, in quotes.
fn quoted(text: &[u8]) -> Str {
    format::quote(text).into()
}
