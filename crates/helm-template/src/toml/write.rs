//! Values to TOML: scalars before tables, keys in order, tables inside others indented.

use go_text_template::{Field, List, Map, Str, Value, format};

use super::{MAX_DEPTH, escape, written_key, written_path};
use crate::object::{Form, form_of};

/// TOML has no such thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WriteError {
    /// Nothing.
    #[error("reflect: call of reflect.Value.Type on zero Value")]
    Nothing,
    /// A list with nil in it.
    #[error("toml: cannot encode array with nil element")]
    NilElement,
    /// A list of tables without a name.
    #[error("toml: top-level values must be Go maps or structs")]
    NoKey,
    /// A function or a complex number.
    #[error("unsupported type: {0}")]
    Type(String),
    /// The same, and nothing else.
    #[error("unsupported type for key '': {0}")]
    TypeAlone(String),
    /// Too much.
    #[error("toml: more than {limit} values, counting each as often as it occurs")]
    TooManyValues {
        /// How many are allowed.
        limit: u32,
    },
    /// Too many levels.
    #[error("toml: values are nested more than {limit} levels deep, or contain themselves")]
    TooDeep {
        /// In levels.
        limit: usize,
    },
}

/// Writes a value.
pub(crate) fn write(value: &Value) -> Result<Vec<u8>, WriteError> {
    if matches!(value, Value::Nil) {
        return Err(WriteError::Nothing);
    }
    if is_unsupported(value) {
        return Err(WriteError::TypeAlone(value.kind().to_string()));
    }
    let mut writer = Writer { out: Vec::new(), looks: 0 };
    writer.entry(&[], value)?;
    Ok(writer.out)
}

fn is_unsupported(value: &Value) -> bool {
    matches!(value, Value::Function(_) | Value::Complex64(..) | Value::Complex128(..))
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Inline,
    Table,
    /// A list of nothing but tables.
    Tables,
}

/// How often the kind of a value may be asked for. It is asked once for each level that a value is in.
const MOST_LOOKS: u32 = 1 << 25;

struct Writer {
    out: Vec<u8>,
    looks: u32,
}

impl Writer {
    fn kind_of(&mut self, value: &Value, depth: usize) -> Result<Kind, WriteError> {
        if depth > MAX_DEPTH {
            return Err(WriteError::TooDeep { limit: MAX_DEPTH });
        }
        self.looks += 1;
        if self.looks > MOST_LOOKS {
            return Err(WriteError::TooManyValues { limit: MOST_LOOKS });
        }
        Ok(match value {
            Value::Nil => Kind::Nothing,
            Value::List(list) if list.is_nil() => Kind::Nothing,
            Value::Map(map) if map.is_nil() => Kind::Nothing,
            Value::Map(_) => Kind::Table,
            Value::List(list) => self.kind_of_list(list, depth)?,
            Value::Object(object) => match form_of(&**object) {
                Form::Record(_) => Kind::Table,
                _ => Kind::Inline,
            },
            value if is_unsupported(value) => return Err(WriteError::Type(value.kind().to_string())),
            _ => Kind::Inline,
        })
    }

    fn kind_of_list(&mut self, list: &List, depth: usize) -> Result<Kind, WriteError> {
        let mut are_tables = !list.is_empty();
        for item in list.as_slice() {
            match self.kind_of(item, depth + 1)? {
                Kind::Nothing => return Err(WriteError::NilElement),
                kind => are_tables &= kind == Kind::Table,
            }
        }
        Ok(if are_tables { Kind::Tables } else { Kind::Inline })
    }

    /// Those that are no tables, and those that are.
    fn split(&mut self, entries: Entries, depth: usize) -> Result<(Entries, Entries), WriteError> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.kind_of(&entry.1, depth + 1)? {
                Kind::Table | Kind::Tables => tables.push(entry),
                Kind::Inline | Kind::Nothing => direct.push(entry),
            }
        }
        Ok((direct, tables))
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self, path: &[Str]) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * path.len().saturating_sub(1)));
    }

    fn entry(&mut self, path: &[Str], value: &Value) -> Result<(), WriteError> {
        match self.kind_of(value, path.len())? {
            // A nil list is left out of tables, but alone it is an empty one.
            Kind::Nothing if path.is_empty() && matches!(value, Value::List(_)) => self.element(value, 0),
            Kind::Nothing => Ok(()),
            Kind::Inline => self.key_value(path, value),
            Kind::Tables => self.tables(path, value),
            Kind::Table => {
                if path.len() == 1 {
                    self.newline();
                }
                if !path.is_empty() {
                    self.indent(path);
                    self.out.extend_from_slice(&[b"[", written_path(path).as_slice(), b"]"].concat());
                    self.newline();
                }
                self.table(path, value)
            }
        }
    }

    fn key_value(&mut self, path: &[Str], value: &Value) -> Result<(), WriteError> {
        let Some(last) = path.last() else { return self.element(value, 0) };
        self.indent(path);
        self.out.extend_from_slice(&written_key(last.as_bytes()));
        self.out.extend_from_slice(b" = ");
        self.element(value, path.len())?;
        self.newline();
        Ok(())
    }

    fn tables(&mut self, path: &[Str], value: &Value) -> Result<(), WriteError> {
        if path.is_empty() {
            return Err(WriteError::NoKey);
        }
        let Value::List(list) = value else { return Ok(()) };
        for item in list.as_slice() {
            self.newline();
            self.indent(path);
            self.out.extend_from_slice(&[b"[[", written_path(path).as_slice(), b"]]"].concat());
            self.newline();
            self.table(path, item)?;
        }
        Ok(())
    }

    /// The entries of a map or structure, those that are no tables first.
    fn table(&mut self, path: &[Str], value: &Value) -> Result<(), WriteError> {
        let (direct, tables) = self.split(entries(value), path.len())?;
        for (key, value) in direct.into_iter().chain(tables) {
            let mut path = path.to_vec();
            path.push(key);
            self.entry(&path, &value)?;
        }
        Ok(())
    }

    fn element(&mut self, value: &Value, depth: usize) -> Result<(), WriteError> {
        if depth > MAX_DEPTH {
            return Err(WriteError::TooDeep { limit: MAX_DEPTH });
        }
        match value {
            Value::String(text) => self.out.extend(escape::quoted(text.as_bytes())),
            Value::Bool(value) => self.out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Value::Float64(number) => self.float(*number, value),
            Value::Float32(number) => self.float(f64::from(*number), value),
            Value::List(list) => {
                self.out.push(b'[');
                for (at, item) in list.as_slice().iter().enumerate() {
                    if at > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.element(item, depth + 1)?;
                }
                self.out.push(b']');
            }
            Value::Map(_) => self.inline_table(value, depth)?,
            Value::Object(object) => match form_of(&**object) {
                Form::Time(time) => self.out.extend_from_slice(time.to_toml_text().as_bytes()),
                Form::Text(text) => self.out.extend(escape::quoted(text.as_bytes())),
                Form::Basic(number) => match object.object_type().to_string().as_str() {
                    "time.Duration" => {
                        let text = object.text().unwrap_or_default();
                        self.out.extend(escape::quoted(text.as_bytes()));
                    }
                    _ => self.element(&number, depth)?,
                },
                Form::Record(_) => self.inline_table(value, depth)?,
            },
            other => match other.as_integer() {
                Some(number) => self.out.extend_from_slice(number.to_string().as_bytes()),
                None => return Err(WriteError::Type(other.kind().to_string())),
            },
        }
        Ok(())
    }

    fn inline_table(&mut self, value: &Value, depth: usize) -> Result<(), WriteError> {
        let (direct, tables) = self.split(entries(value), depth)?;
        let (has_tables, last_direct, last_table) =
            (!tables.is_empty(), direct.len().saturating_sub(1), tables.len().saturating_sub(1));
        self.out.push(b'{');
        let direct =
            direct.into_iter().enumerate().map(|(at, entry)| (entry, has_tables || at != last_direct));
        let tables = tables.into_iter().enumerate().map(|(at, entry)| (entry, at != last_table));
        for ((key, value), has_comma) in direct.chain(tables) {
            if self.kind_of(&value, depth + 1)? == Kind::Nothing {
                continue;
            }
            self.out.extend_from_slice(&written_key(key.as_bytes()));
            self.out.extend_from_slice(b" = ");
            self.element(&value, depth + 1)?;
            if has_comma {
                self.out.extend_from_slice(b", ");
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn float(&mut self, number: f64, value: &Value) {
        if number.is_nan() || number.is_infinite() {
            let sign = if number.is_sign_negative() { "-" } else { "" };
            let name = if number.is_nan() { "nan" } else { "inf" };
            self.out.extend_from_slice(format!("{sign}{name}").as_bytes());
            return;
        }
        let text = format::sprint(&[value]).unwrap_or_default();
        self.out.extend_from_slice(&text);
        if !text.contains(&b'.') && !text.contains(&b'e') {
            self.out.extend_from_slice(b".0");
        }
    }
}

type Entries = Vec<(Str, Value)>;

fn entries(value: &Value) -> Entries {
    match value {
        Value::Map(map) => Map::entries(map).into_owned(),
        Value::Object(object) => {
            let field = |field: Field| (Str::from(&*field.name), field.value);
            object.fields().into_iter().map(field).collect()
        }
        _ => Vec::new(),
    }
}
