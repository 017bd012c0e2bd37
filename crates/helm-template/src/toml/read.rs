//! TOML to values. Whole numbers become `int64`.

use go_text_template::{List, Map, Str, Value};

use super::scan::{END, Fault, Scanner, is_break, is_space, or_end, quoted};
use super::tree::{Node, Tree};
use super::{MAX_DEPTH, ReadError, escape, number};
use crate::unicode::is_letter;

/// Reads a text.
pub(crate) fn read(text: &[u8]) -> Result<Map, ReadError> {
    let text = [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"]
        .iter()
        .find_map(|mark| text.strip_prefix(*mark))
        .unwrap_or(text);
    if text.iter().take(6).any(|&byte| byte == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(ReadError { line: 1, key: String::new(), message: message.to_owned() });
    }
    let mut reader = Reader { scanner: Scanner::new(text), tree: Tree::default(), key_line: 1, depth: 0 };
    match reader.run() {
        Ok(()) => Ok(reader.tree.into_map()),
        Err(Fault { line, message }) => Err(ReadError { line, key: reader.tree.current(), message }),
    }
}

/// The letter of a base, its name, and its digits.
type Prefix = (char, &'static str, fn(char) -> bool);

struct Reader<'t> {
    scanner: Scanner<'t>,
    tree: Tree,
    /// The line of the key or table name read last.
    key_line: usize,
    /// Values inside each other.
    depth: usize,
}

impl<'t> Reader<'t> {
    fn run(&mut self) -> Result<(), Fault> {
        loop {
            let before = self.scanner;
            match self.scanner.next()? {
                space if is_space(space) || is_break(space) => {}
                '#' => self.comment()?,
                '[' => {
                    self.table()?;
                    self.end_of_item()?;
                }
                END => return Ok(()),
                _ => {
                    self.scanner = before;
                    self.key_and_value()?;
                    self.end_of_item()?;
                }
            }
        }
    }

    fn comment(&mut self) -> Result<(), Fault> {
        self.scanner.skip(|character| !is_break(character) && character != END)
    }

    fn end_of_item(&mut self) -> Result<(), Fault> {
        loop {
            match self.scanner.next()? {
                '#' => return self.comment(),
                space if is_space(space) => {}
                line_break if is_break(line_break) => return Ok(()),
                END => return Ok(()),
                other => {
                    let found = quoted(other);
                    return Err(self.scanner.fault(format!(
                        "expected a top-level item to end with a newline, comment, or EOF, but got {found} instead"
                    )));
                }
            }
        }
    }

    /// Reports what a key may not be, on the line of the key.
    fn at_key<T>(&self, result: Result<T, String>) -> Result<T, Fault> {
        result.map_err(|message| Fault { line: self.key_line, message })
    }

    fn table(&mut self) -> Result<(), Fault> {
        let is_list = self.scanner.accept('[')?;
        let mut path = Vec::new();
        loop {
            self.scanner.skip(is_space)?;
            let name = match self.scanner.peek()? {
                ']' | END => {
                    let message = "unexpected end of table name (table names cannot be empty)";
                    return Err(self.scanner.fault(message));
                }
                '.' => {
                    let message = "unexpected table separator (table names cannot be empty)";
                    return Err(self.scanner.fault(message));
                }
                _ => self.name()?,
            };
            if path.is_empty() {
                self.key_line = self.scanner.line();
            }
            path.push(name);
            self.scanner.skip(is_space)?;
            match self.scanner.next()? {
                '.' => {}
                ']' => break,
                other => {
                    let found = quoted(other);
                    let message = format!("expected '.' or ']' to end table name, but got {found} instead");
                    return Err(self.scanner.fault(message));
                }
            }
        }
        if is_list {
            let end = self.scanner.next()?;
            if end != ']' {
                let found = quoted(end);
                let message =
                    format!("expected end of table array name delimiter ']', but got {found} instead");
                return Err(self.scanner.fault(message));
            }
        }
        let entered = self.tree.enter(&path, is_list);
        self.at_key(entered)
    }

    /// A name, bare or in quotes.
    fn name(&mut self) -> Result<Str, Fault> {
        let start = self.scanner.position();
        match self.scanner.peek()? {
            '"' => {
                self.scanner.next()?;
                self.string().map(Str::from)
            }
            '\'' => {
                self.scanner.next()?;
                self.raw_string().map(Str::from)
            }
            _ => {
                self.scanner.skip(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')?;
                Ok(self.scanner.since(start).into())
            }
        }
    }

    /// The path before an equals sign, which is read, too.
    fn key(&mut self) -> Result<Vec<Str>, Fault> {
        self.scanner.skip(is_space)?;
        match self.scanner.peek()? {
            '=' | END => return Err(self.scanner.fault("unexpected '=': key name appears blank")),
            '.' => return Err(self.scanner.fault("unexpected '.': keys cannot start with a '.'")),
            _ => {}
        }
        let mut path = Vec::new();
        loop {
            self.scanner.skip(is_space)?;
            match self.scanner.peek()? {
                '=' | END => return Err(self.scanner.fault("unexpected '='")),
                '.' => return Err(self.scanner.fault("unexpected '.'")),
                _ => {}
            }
            let name = self.name()?;
            if path.is_empty() {
                self.key_line = self.scanner.line();
            }
            path.push(name);
            self.scanner.skip(is_space)?;
            match self.scanner.next()? {
                '.' => {}
                '=' => return Ok(path),
                END => return Err(self.scanner.fault("unexpected EOF; expected key separator '='")),
                other => {
                    let message = format!("expected '.' or '=', but got {} instead", quoted(other));
                    return Err(match other {
                        '\n' => self.scanner.fault_before_break(message),
                        _ => self.scanner.fault(message),
                    });
                }
            }
        }
    }

    fn key_and_value(&mut self) -> Result<(), Fault> {
        let outer = self.tree.context.clone();
        let path = self.key()?;
        self.set_value(&path)?;
        self.tree.context = outer;
        self.tree.key = Str::default();
        Ok(())
    }

    /// Reads a value, and sets it at a path from the current table.
    fn set_value(&mut self, path: &[Str]) -> Result<Value, Fault> {
        let Some((last, parents)) = path.split_last() else { return Ok(Value::Nil) };
        self.tree.key = last.clone();
        for parent in parents {
            let mut full = self.tree.context.clone();
            full.push(parent.clone());
            let entered = self.tree.enter_implicit(&full, false);
            self.at_key(entered)?;
        }
        let value = self.value(false)?;
        let set = self.tree.set(last, Node::Value(value.clone()));
        self.at_key(set)?;
        Ok(value)
    }

    fn value(&mut self, is_in_list: bool) -> Result<Value, Fault> {
        self.scanner.skip(is_space)?;
        let start = self.scanner.position();
        let first = self.scanner.next()?;
        match first {
            '0'..='9' => {
                self.scanner.back_to(start);
                self.number()
            }
            '[' => self.nested(Self::list),
            '{' => self.nested(|reader| reader.inline_table(is_in_list)),
            '"' => {
                if self.scanner.accept('"')? {
                    if !self.scanner.accept('"')? {
                        return Ok(Value::from(""));
                    }
                    return self.long_string();
                }
                self.string().map(|text| Value::String(text.into()))
            }
            '\'' => {
                if self.scanner.accept('\'')? {
                    if !self.scanner.accept('\'')? {
                        return Ok(Value::from(""));
                    }
                    return self.long_raw_string();
                }
                self.raw_string().map(|text| Value::String(text.into()))
            }
            '.' => Err(self.scanner.fault("floats must start with a digit, not '.'")),
            '-' | '+' => self.signed_number(start),
            'i' | 'n' => self.special_float(start),
            letter if is_letter(letter) => {
                self.scanner.back_to(start);
                self.boolean()
            }
            END => Err(self.scanner.fault("unexpected EOF; expected value")),
            other => {
                let message = format!("expected value but found {} instead", quoted(other));
                Err(if other == '\n' {
                    self.scanner.fault_before_break(message)
                } else {
                    self.scanner.fault(message)
                })
            }
        }
    }

    fn nested(&mut self, read: impl Fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        if self.depth >= MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} levels deep");
            return Err(self.scanner.fault(message));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, Fault> {
        self.tree.mark_list();
        let mut items = Vec::new();
        loop {
            if !self.skip_to_item(']')? {
                break;
            }
            items.push(self.value(true)?);
            self.skip_space_and_comments()?;
            match self.scanner.next()? {
                ',' => {}
                ']' => break,
                other => {
                    let found = or_end(other);
                    let message =
                        format!("expected a comma (',') or array terminator (']'), but got {found}");
                    return Err(self.scanner.fault(message));
                }
            }
        }
        Ok(Value::List(List::new(items)))
    }

    /// Goes to the next item; false if the end comes first, which is read then.
    fn skip_to_item(&mut self, end: char) -> Result<bool, Fault> {
        self.skip_space_and_comments()?;
        match self.scanner.peek()? {
            ',' => {
                self.scanner.next()?;
                Err(self.scanner.fault("unexpected comma"))
            }
            other if other == end => {
                self.scanner.next()?;
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    fn skip_space_and_comments(&mut self) -> Result<(), Fault> {
        loop {
            self.scanner.skip(|character| is_space(character) || is_break(character))?;
            if !self.scanner.accept('#')? {
                return Ok(());
            }
            self.comment()?;
        }
    }

    fn inline_table(&mut self, is_in_list: bool) -> Result<Value, Fault> {
        let (outer, outer_key) = (self.tree.context.clone(), self.tree.key.clone());
        let mut path = outer.clone();
        path.push(outer_key.clone());
        self.tree.key = Str::default();
        let entered = self.tree.enter_implicit(&path, is_in_list);
        self.at_key(entered)?;
        let here = self.tree.context.clone();
        let table = Map::new::<Str>([]);
        while self.skip_to_item('}')? {
            let path = self.key()?;
            let value = self.set_value(&path)?;
            insert(&table, &path, value).map_err(|message| Fault { line: self.key_line, message })?;
            self.tree.context.clone_from(&here);
            if !self.next_entry()? {
                break;
            }
        }
        self.tree.context = outer;
        self.tree.key = outer_key;
        Ok(Value::Map(table))
    }

    /// Goes behind the comma after an entry; false if the table ends.
    fn next_entry(&mut self) -> Result<bool, Fault> {
        loop {
            self.skip_space_and_comments()?;
            match self.scanner.next()? {
                ',' => {
                    self.scanner.skip(is_space)?;
                    if self.scanner.peek()? != '}' {
                        return Ok(true);
                    }
                }
                '}' => return Ok(false),
                other => {
                    let found = or_end(other);
                    return Err(self.scanner.fault(format!(
                        "expected a comma or an inline table terminator '}}', but got {found} instead"
                    )));
                }
            }
        }
    }

    fn string(&mut self) -> Result<Vec<u8>, Fault> {
        let start = self.scanner.position();
        loop {
            match self.scanner.next()? {
                END => return Err(self.scanner.fault("unexpected EOF; expected '\"'")),
                line_break if is_break(line_break) => {
                    return Err(self.scanner.fault_before_break("strings cannot contain newlines"));
                }
                '\\' => self.escape(start)?,
                '"' => break,
                _ => {}
            }
        }
        let text = self.scanner.since(start);
        escape::replaced(&text[..text.len() - 1]).map_err(|message| self.scanner.fault(message))
    }

    fn raw_string(&mut self) -> Result<Vec<u8>, Fault> {
        let start = self.scanner.position();
        loop {
            match self.scanner.next()? {
                END => return Err(self.scanner.fault("unexpected EOF; expected \"'\"")),
                line_break if is_break(line_break) => {
                    return Err(self.scanner.fault_before_break("strings cannot contain newlines"));
                }
                '\'' => break,
                _ => {}
            }
        }
        let text = self.scanner.since(start);
        Ok(text[..text.len() - 1].to_vec())
    }

    /// Checks what follows a backslash.
    fn escape(&mut self, start: usize) -> Result<(), Fault> {
        let (count, words) = match self.scanner.next()? {
            'b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' | ' ' | '\t' => return Ok(()),
            'x' => (2, "two hexadecimal digits after '\\x'"),
            'u' => (4, "four hexadecimal digits after '\\u'"),
            'U' => (8, "eight hexadecimal digits after '\\U'"),
            other => {
                return Err(self.scanner.early_fault(format!("invalid escape in string '\\{other}'")));
            }
        };
        for _ in 0..count {
            if !self.scanner.next()?.is_ascii_hexdigit() {
                let found = go_text_template::format::quote(self.scanner.since(start));
                let found = String::from_utf8_lossy(&found);
                return Err(self.scanner.fault(format!("expected {words}, but got {found} instead")));
            }
        }
        Ok(())
    }

    /// Up to the three quotes that end it; two more may stand before them.
    fn long(&mut self, quote: char, has_escapes: bool) -> Result<&'t [u8], Fault> {
        let start = self.scanner.position();
        loop {
            let character = self.scanner.next()?;
            if character == END {
                let message = match quote {
                    '"' => "unexpected EOF; expected '\"\"\"'",
                    _ => "unexpected EOF; expected \"'''\"",
                };
                return Err(self.scanner.fault(message));
            }
            if character == '\\' && has_escapes {
                let mut ahead = self.scanner;
                if is_break(ahead.next()?) {
                    self.scanner = ahead;
                } else {
                    self.escape(start)?;
                }
            }
            if character != quote {
                continue;
            }
            let mut count = 1;
            while count < 6 && self.scanner.accept(quote)? {
                count += 1;
            }
            if count == 6 {
                let message = match quote {
                    '"' => "unexpected '\"\"\"\"\"\"'",
                    _ => "unexpected \"''''''\"",
                };
                return Err(self.scanner.fault(message));
            }
            if count >= 3 {
                let text = self.scanner.since(start);
                return Ok(&text[..text.len() - 3]);
            }
        }
    }

    fn long_string(&mut self) -> Result<Value, Fault> {
        let text = self.long('"', true)?;
        let text = escape::without_escaped_breaks(escape::without_first_break(text));
        let text = escape::replaced(&text).map_err(|message| self.scanner.fault(message))?;
        Ok(Value::String(text.into()))
    }

    fn long_raw_string(&mut self) -> Result<Value, Fault> {
        Ok(Value::String(escape::without_first_break(self.long('\'', false)?).into()))
    }

    fn boolean(&mut self) -> Result<Value, Fault> {
        let start = self.scanner.position();
        self.scanner.skip(is_letter)?;
        match self.scanner.since(start) {
            b"true" => Ok(true.into()),
            b"false" => Ok(false.into()),
            other => {
                let found = go_text_template::format::quote(other);
                let found = String::from_utf8_lossy(&found);
                Err(self.scanner.fault(format!("expected value but found {found} instead")))
            }
        }
    }

    /// `inf` or `nan`, or a word that is neither.
    fn special_float(&mut self, start: usize) -> Result<Value, Fault> {
        for (second, third) in [('n', 'f'), ('a', 'n')] {
            let after_first = self.scanner.position();
            if !self.scanner.accept(second)? {
                continue;
            }
            if self.scanner.accept(third)? {
                return self.finished(start, number::float);
            }
            // The library goes back by one character only.
            self.scanner.back_to(after_first);
            return self.boolean();
        }
        self.scanner.back_to(start);
        self.boolean()
    }

    /// What was read since a place, as a value.
    fn finished(&self, start: usize, make: impl Fn(&str) -> Result<Value, String>) -> Result<Value, Fault> {
        let text = String::from_utf8_lossy(self.scanner.since(start));
        make(text.trim()).map_err(|message| self.scanner.fault(message))
    }

    fn signed_number(&mut self, start: usize) -> Result<Value, Fault> {
        let first = self.scanner.next()?;
        match first {
            'i' | 'n' => {
                let rest = if first == 'i' { ['n', 'f'] } else { ['a', 'n'] };
                for letter in rest {
                    if !self.scanner.accept(letter)? {
                        let found = String::from_utf8_lossy(self.scanner.since(start));
                        return Err(self.scanner.fault(format!("invalid float: '{found}'")));
                    }
                }
                self.finished(start, number::float)
            }
            '.' => Err(self.scanner.fault("floats must start with a digit, not '.'")),
            '0'..='9' => {
                let next = self.scanner.peek()?;
                if first == '0' && matches!(next, 'b' | 'o' | 'x') {
                    let found = String::from_utf8_lossy(self.scanner.since(start));
                    let message = format!("cannot use sign with non-decimal numbers: '{found}{next}'");
                    return Err(self.scanner.fault(message));
                }
                self.decimal(start)
            }
            other => Err(self.scanner.fault(format!("expected a digit but got {}", quoted(other)))),
        }
    }

    /// The rest of a decimal number that may have underscores.
    fn decimal(&mut self, start: usize) -> Result<Value, Fault> {
        self.scanner.skip(|character| character.is_ascii_digit() || character == '_')?;
        match self.scanner.peek()? {
            '.' | 'e' | 'E' => self.float(start),
            _ => self.finished(start, number::integer),
        }
    }

    fn float(&mut self, start: usize) -> Result<Value, Fault> {
        self.scanner.skip(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | '-' | '+' | 'e' | 'E'))?;
        self.finished(start, number::float)
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.scanner.position();
        let first = self.scanner.next()?;
        if first == '0' {
            let next = self.scanner.peek()?;
            let prefixes: [Prefix; 3] = [
                ('b', "a binary", |digit| digit.is_digit(2)),
                ('o', "an octal", |digit| digit.is_digit(8)),
                ('x', "a hexadecimal", |digit| digit.is_ascii_hexdigit()),
            ];
            if let Some((_, name, is_digit)) = prefixes.iter().find(|(prefix, ..)| *prefix == next) {
                self.scanner.next()?;
                let first = self.scanner.peek()?;
                if !is_digit(first) {
                    let found = String::from_utf8_lossy(self.scanner.since(start));
                    return Err(self.scanner.fault(format!("not {name} number: '{found}{first}'")));
                }
                self.scanner.skip(|character| is_digit(character) || character == '_')?;
                return self.finished(start, number::integer);
            }
        }
        self.scanner.skip(|character| character.is_ascii_digit())?;
        match self.scanner.peek()? {
            '-' | ':' if first != '0' || self.scanner.since(start).len() > 1 => {
                let is_part = |c: char| c.is_ascii_digit() || "-:Tt .Zz+".contains(c);
                self.scanner.skip(is_part)?;
                self.finished(start, number::date_time)
            }
            '_' => self.decimal(start),
            '.' | 'e' | 'E' => self.float(start),
            _ => self.finished(start, number::integer),
        }
    }
}

/// Sets a value at a path inside a table.
fn insert(table: &Map, path: &[Str], value: Value) -> Result<(), String> {
    let Some((last, parents)) = path.split_last() else { return Ok(()) };
    let mut table = table.clone();
    for parent in parents {
        let inner = match table.get(parent) {
            Some(Value::Map(inner)) => inner,
            Some(_) => return Err(format!("{parent:?} is not a table")),
            None => {
                let inner = Map::new::<Str>([]);
                table.insert(parent.clone(), Value::Map(inner.clone())).map_err(|error| error.to_string())?;
                inner
            }
        };
        table = inner;
    }
    table.insert(last.clone(), value).map_err(|error| error.to_string())
}
