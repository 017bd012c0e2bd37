//! Printing one value under one verb, as `fmt` does: leaves here, containers by an explicit stack.

use super::flags::Flags;
use super::float::{self, Float, Layout};
use super::integer::{self, Base, Case, Integer};
use super::nesting::{self, Level};
use super::quote::{self, Keep};
use super::{PrintError, PrintLimits};
use crate::value::{Kind, List, Object, Type, Value};

/// Prints values into `out` under the flags set.
pub(crate) struct Printer<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    pub(crate) flags: Flags,
    limits: PrintLimits,
    /// While a wrong verb is reported, `Error` and `String` methods are not asked.
    reporting: bool,
}

/// Whether a value is what was to be printed or an element of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Inside,
}

/// Where printing a value led to.
pub(super) enum Printed {
    Whole,
    /// A container was opened; its elements are to follow.
    Opened(Level),
    /// The verb does not fit.
    WrongVerb,
}

impl<'o> Printer<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>, limits: PrintLimits) -> Self {
        Self { out, flags: Flags::default(), limits, reporting: false }
    }

    /// Prints an operand of `print` or `printf`.
    pub(crate) fn print(&mut self, value: &Value, verb: char) -> Result<(), PrintError> {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.flags.pad(self.out, b"<nil>"),
            (Value::Nil, _) => self.out.extend_from_slice(format!("%!{verb}(<nil>)").as_bytes()),
            (_, 'T') => {
                let name = value.type_name();
                let name = self.flags.truncate(name.as_bytes());
                self.flags.pad(self.out, name);
            }
            (_, 'p') => match self.pointer(value, verb) {
                Printed::WrongVerb => self.wrong_verb(value, verb)?,
                Printed::Whole | Printed::Opened(_) => {}
            },
            _ => nesting::print(self, value, verb)?,
        }
        self.check_size()
    }

    pub(super) fn check_size(&self) -> Result<(), PrintError> {
        if self.out.len() > self.limits.bytes {
            return Err(PrintError::TooLong { limit: self.limits.bytes });
        }
        Ok(())
    }

    pub(super) fn check_depth(&self, depth: usize) -> Result<(), PrintError> {
        if depth > self.limits.depth {
            return Err(PrintError::TooDeep { limit: self.limits.depth });
        }
        Ok(())
    }

    /// Prints a leaf, or opens a container.
    pub(super) fn value(&mut self, value: &Value, verb: char, place: Place) -> Printed {
        // Go sees that `%w` is wrong before it looks into a value.
        let is_looked_into = match value {
            Value::List(list) => *list.element_type() != Type::Uint8,
            Value::Map(_) | Value::Object(_) => true,
            _ => false,
        };
        if verb == 'w' && is_looked_into {
            return Printed::WrongVerb;
        }
        let fits = match value {
            Value::Nil => return self.nil_inside(&Type::Any),
            Value::Bool(value) => self.boolean(*value, verb),
            Value::Int(value) | Value::Int64(value) => self.signed(*value, verb),
            Value::Int8(value) => self.signed(i64::from(*value), verb),
            Value::Int16(value) => self.signed(i64::from(*value), verb),
            Value::Int32(value) => self.signed(i64::from(*value), verb),
            Value::Uint(value) | Value::Uint64(value) | Value::Uintptr(value) => self.unsigned(*value, verb),
            Value::Uint8(value) => self.unsigned(u64::from(*value), verb),
            Value::Uint16(value) => self.unsigned(u64::from(*value), verb),
            Value::Uint32(value) => self.unsigned(u64::from(*value), verb),
            Value::Float32(value) => self.float(Float::Single(*value), verb),
            Value::Float64(value) => self.float(Float::Double(*value), verb),
            Value::Complex64(real, imaginary) => {
                self.complex(Float::Single(*real), Float::Single(*imaginary), verb)
            }
            Value::Complex128(real, imaginary) => {
                self.complex(Float::Double(*real), Float::Double(*imaginary), verb)
            }
            Value::String(text) => self.string(text.as_bytes(), verb),
            Value::List(list) => return self.list(list, verb, place),
            Value::Map(map) => return Level::open_map(self, map),
            Value::Function(_) => return self.pointer(value, verb),
            Value::Object(object) => return self.object(&**object, value, verb, place),
        };
        if fits { Printed::Whole } else { Printed::WrongVerb }
    }

    /// A nil of an interface type inside a container.
    pub(super) fn nil_inside(&mut self, declared: &Type) -> Printed {
        if self.flags.sharp_v {
            self.out.extend_from_slice(format!("{declared}(nil)").as_bytes());
        } else {
            self.out.extend_from_slice(b"<nil>");
        }
        Printed::Whole
    }

    /// `%!verb(type=value)`
    pub(super) fn wrong_verb(&mut self, value: &Value, verb: char) -> Result<(), PrintError> {
        self.out.extend_from_slice(format!("%!{verb}({}=", value.type_name()).as_bytes());
        // An object that not even `%v` can print is not reported a second time.
        let result = if self.reporting { Ok(()) } else { self.report(value) };
        self.out.push(b')');
        result
    }

    fn report(&mut self, value: &Value) -> Result<(), PrintError> {
        self.reporting = true;
        let result = self.print(value, 'v');
        self.reporting = false;
        result
    }

    fn boolean(&mut self, value: bool, verb: char) -> bool {
        if !matches!(verb, 't' | 'v') {
            return false;
        }
        self.flags.pad(self.out, if value { b"true" } else { b"false" });
        true
    }

    fn signed(&mut self, value: i64, verb: char) -> bool {
        match verb {
            'v' if self.flags.are_plain() => {
                integer::write_decimal(self.out, Integer::from(value));
                true
            }
            _ => self.integer(Integer::from(value), verb),
        }
    }

    fn unsigned(&mut self, value: u64, verb: char) -> bool {
        if verb == 'v' && self.flags.sharp_v {
            let flags = Flags { sharp: true, ..self.flags };
            integer::write(self.out, &flags, Integer::from(value), Base::Hexadecimal(Case::Lower));
            return true;
        }
        self.integer(Integer::from(value), verb)
    }

    fn integer(&mut self, number: Integer, verb: char) -> bool {
        let base = match verb {
            'v' | 'd' => Base::Decimal,
            'b' => Base::Binary,
            'o' => Base::Octal,
            'O' => Base::PrefixedOctal,
            'x' => Base::Hexadecimal(Case::Lower),
            'X' => Base::Hexadecimal(Case::Upper),
            'c' => {
                integer::write_character(self.out, &self.flags, number);
                return true;
            }
            'q' => {
                integer::write_quoted_character(self.out, &self.flags, number);
                return true;
            }
            'U' => {
                integer::write_unicode(self.out, &self.flags, number);
                return true;
            }
            _ => return false,
        };
        integer::write(self.out, &self.flags, number, base);
        true
    }

    fn float(&mut self, value: Float, verb: char) -> bool {
        let (layout, default_precision) = match verb {
            'v' | 'g' | 'G' => (Layout::General, None),
            'b' => (Layout::Binary, None),
            'x' | 'X' => (Layout::Hexadecimal, None),
            'e' | 'E' => (Layout::Exponent, Some(6)),
            'f' | 'F' => (Layout::Fixed, Some(6)),
            _ => return false,
        };
        let precision = self.flags.precision.or(default_precision);
        let mut text = Vec::with_capacity(32);
        float::write(&mut text, value, layout, precision);
        super::decorate::write_float(self.out, &self.flags, text, verb, precision);
        true
    }

    fn complex(&mut self, real: Float, imaginary: Float, verb: char) -> bool {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return false;
        }
        self.out.push(b'(');
        self.float(real, verb);
        let before = std::mem::replace(&mut self.flags.plus, true);
        self.float(imaginary, verb);
        self.flags.plus = before;
        self.out.extend_from_slice(b"i)");
        true
    }

    pub(super) fn string(&mut self, text: &[u8], verb: char) -> bool {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => {
                let text = self.flags.truncate(text);
                self.flags.pad(self.out, text);
            }
            'x' => super::decorate::write_hexadecimal(self.out, &self.flags, text, Case::Lower),
            'X' => super::decorate::write_hexadecimal(self.out, &self.flags, text, Case::Upper),
            'q' => self.quoted(text),
            _ => return false,
        }
        true
    }

    fn quoted(&mut self, text: &[u8]) {
        let text = self.flags.truncate(text);
        if self.flags.width.is_none() && !self.flags.sharp && !self.flags.plus {
            return quote::quote(self.out, text, Keep::Printable);
        }
        let mut quoted = Vec::with_capacity(text.len() + 2);
        if self.flags.sharp && quote::can_backquote(text) {
            quoted.push(b'`');
            quoted.extend_from_slice(text);
            quoted.push(b'`');
        } else {
            quote::quote(&mut quoted, text, if self.flags.plus { Keep::Ascii } else { Keep::Printable });
        }
        self.flags.pad(self.out, &quoted);
    }

    fn list(&mut self, list: &List, verb: char, place: Place) -> Printed {
        if *list.element_type() == Type::Uint8 {
            let bytes = || -> Vec<u8> {
                let byte = |item: &Value| if let Value::Uint8(byte) = item { *byte } else { 0 };
                list.as_slice().iter().map(byte).collect()
            };
            match verb {
                's' | 'q' | 'x' | 'X' => {
                    self.string(&bytes(), verb);
                    return Printed::Whole;
                }
                'v' | 'd' if place == Place::Top => {
                    self.bytes(list, &bytes());
                    return Printed::Whole;
                }
                _ => {}
            }
        }
        Level::open_list(self, list)
    }

    /// `[]byte` itself under `%v` and `%d`.
    fn bytes(&mut self, list: &List, bytes: &[u8]) {
        let sharp_v = self.flags.sharp_v;
        if sharp_v {
            self.out.extend_from_slice(b"[]byte");
            if list.is_nil() {
                return self.out.extend_from_slice(b"(nil)");
            }
        }
        self.out.push(if sharp_v { b'{' } else { b'[' });
        for (i, &byte) in bytes.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(if sharp_v { b", " } else { b" " });
            }
            if sharp_v {
                self.unsigned(u64::from(byte), 'v');
            } else {
                integer::write(self.out, &self.flags, Integer::from(u64::from(byte)), Base::Decimal);
            }
        }
        self.out.push(if sharp_v { b'}' } else { b']' });
    }

    fn object(&mut self, object: &dyn Object, value: &Value, verb: char, place: Place) -> Printed {
        if !self.reporting
            && !self.flags.sharp_v
            && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
            && let Some(text) = object.text()
        {
            self.string(text.as_bytes(), verb);
            return Printed::Whole;
        }
        if !self.reporting
            && self.flags.sharp_v
            && let Some(text) = object.go_text()
        {
            let text = self.flags.truncate(text.as_bytes());
            self.flags.pad(self.out, text);
            return Printed::Whole;
        }
        if let Some(underlying) = object.underlying() {
            return self.value(&underlying, verb, place);
        }
        let of = object.object_type();
        match of.kind() {
            Kind::Struct => Level::open_object(self, object, &of.to_string()),
            Kind::Ptr if place == Place::Top && !object.is_nil() => {
                self.out.push(b'&');
                let name = of.to_string();
                Level::open_object(self, object, name.strip_prefix('*').unwrap_or(&name))
            }
            _ => self.pointer(value, verb),
        }
    }

    /// Addresses: of functions and inner pointers, and of anything that has one under `%p`.
    fn pointer(&mut self, value: &Value, verb: char) -> Printed {
        let address = match value {
            Value::List(list) => list.address(),
            Value::Map(map) => map.address(),
            Value::Function(function) => std::sync::Arc::as_ptr(function).cast::<u8>() as usize,
            Value::Object(object) if matches!(object.object_type().kind(), Kind::Ptr | Kind::Func) => {
                if object.is_nil() {
                    0
                } else {
                    std::sync::Arc::as_ptr(object).cast::<u8>() as usize
                }
            }
            _ => return Printed::WrongVerb,
        } as u64;
        let hexadecimal = Base::Hexadecimal(Case::Lower);
        match verb {
            'v' if self.flags.sharp_v => {
                let shown = if address == 0 { "nil".to_owned() } else { format!("{address:#x}") };
                self.out.extend_from_slice(format!("({})({shown})", value.type_name()).as_bytes());
            }
            'v' if address == 0 => self.flags.pad(self.out, b"<nil>"),
            'v' | 'p' => {
                let sharp = !self.flags.sharp;
                let flags = Flags { sharp, ..self.flags };
                integer::write(self.out, &flags, Integer::from(address), hexadecimal);
            }
            'b' | 'o' | 'd' | 'x' | 'X' => {
                self.integer(Integer::from(address), verb);
            }
            _ => return Printed::WrongVerb,
        }
        Printed::Whole
    }
}
