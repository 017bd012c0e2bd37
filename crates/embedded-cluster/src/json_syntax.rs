//! What is wrong with a text that is no JSON, in the words of Go's `encoding/json`.

/// The first fault; `None` when there is none.
pub(crate) fn fault(text: &[u8]) -> Option<String> {
    Scanner { rest: text, open: Vec::new() }.document().err()
}

/// What has been opened and not closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Object,
}

struct Scanner<'a> {
    rest: &'a [u8],
    open: Vec<Open>,
}

const AT_VALUE: &str = "looking for beginning of value";
const AT_KEY: &str = "looking for beginning of object key string";

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), String> {
        loop {
            self.value()?;
            // Closes what ends here and goes on with the next element of what does not.
            loop {
                match self.open.last() {
                    None => return self.end(),
                    Some(Open::Array) => match self.next()? {
                        b',' => break,
                        b']' => drop(self.open.pop()),
                        other => return Err(invalid(other, "after array element")),
                    },
                    Some(Open::Object) => match self.next()? {
                        b',' => {
                            self.key(Empty::No)?;
                            break;
                        }
                        b'}' => drop(self.open.pop()),
                        other => return Err(invalid(other, "after object key:value pair")),
                    },
                }
            }
        }
    }

    /// One value; of an array or object only what comes before its first element.
    fn value(&mut self) -> Result<(), String> {
        loop {
            match self.next()? {
                b'[' => {
                    self.space();
                    if self.rest.first() == Some(&b']') {
                        self.rest = &self.rest[1..];
                        return Ok(());
                    }
                    self.open.push(Open::Array);
                }
                b'{' => {
                    if self.key(Empty::Allowed)? == Key::None {
                        return Ok(());
                    }
                    self.open.push(Open::Object);
                }
                b'"' => return self.string(),
                b't' => return self.literal("true", 1),
                b'f' => return self.literal("false", 1),
                b'n' => return self.literal("null", 1),
                b'-' => {
                    let first = self.take().ok_or_else(ended)?;
                    return self.number(first, "in numeric literal");
                }
                digit if digit.is_ascii_digit() => return self.number(digit, AT_VALUE),
                other => return Err(invalid(other, AT_VALUE)),
            }
        }
    }

    /// A key with its colon.
    fn key(&mut self, empty: Empty) -> Result<Key, String> {
        match self.next()? {
            b'}' if empty == Empty::Allowed => return Ok(Key::None),
            b'"' => self.string()?,
            other => return Err(invalid(other, AT_KEY)),
        }
        match self.next()? {
            b':' => Ok(Key::Read),
            other => Err(invalid(other, "after object key")),
        }
    }

    fn string(&mut self) -> Result<(), String> {
        loop {
            match self.take().ok_or_else(ended)? {
                b'"' => return Ok(()),
                b'\\' => match self.take().ok_or_else(ended)? {
                    b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {}
                    b'u' => {
                        for _ in 0..4 {
                            let digit = self.take().ok_or_else(ended)?;
                            if !digit.is_ascii_hexdigit() {
                                return Err(invalid(digit, "in \\u hexadecimal character escape"));
                            }
                        }
                    }
                    other => return Err(invalid(other, "in string escape code")),
                },
                control if control < b' ' => return Err(invalid(control, "in string literal")),
                _ => {}
            }
        }
    }

    fn literal(&mut self, word: &str, read: usize) -> Result<(), String> {
        for wanted in word.bytes().skip(read) {
            let found = self.take().ok_or_else(ended)?;
            if found != wanted {
                let place = format!("in literal {word} (expecting '{}')", char::from(wanted));
                return Err(invalid(found, &place));
            }
        }
        Ok(())
    }

    fn number(&mut self, first: u8, place: &str) -> Result<(), String> {
        if !first.is_ascii_digit() {
            return Err(invalid(first, place));
        }
        if first != b'0' {
            self.digits();
        }
        if self.rest.first() == Some(&b'.') {
            self.rest = &self.rest[1..];
            self.some_digits("after decimal point in numeric literal")?;
        }
        if matches!(self.rest.first(), Some(b'e' | b'E')) {
            self.rest = &self.rest[1..];
            if matches!(self.rest.first(), Some(b'+' | b'-')) {
                self.rest = &self.rest[1..];
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn some_digits(&mut self, place: &str) -> Result<(), String> {
        match self.take().ok_or_else(ended)? {
            digit if digit.is_ascii_digit() => {
                self.digits();
                Ok(())
            }
            other => Err(invalid(other, place)),
        }
    }

    fn digits(&mut self) {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }

    fn end(&mut self) -> Result<(), String> {
        self.space();
        self.rest.first().map_or(Ok(()), |byte| Err(invalid(*byte, "after top-level value")))
    }

    fn next(&mut self) -> Result<u8, String> {
        self.space();
        self.take().ok_or_else(ended)
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn space(&mut self) {
        let end = self.rest.iter().position(|byte| !b" \t\r\n".contains(byte)).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }
}

/// Whether an object may have no key at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    Allowed,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Read,
    /// The object ended instead.
    None,
}

fn ended() -> String {
    "unexpected end of JSON input".to_owned()
}

fn invalid(byte: u8, place: &str) -> String {
    let shown = match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => {
            let escaped: String = match char::from(byte) {
                '\n' => r"\n".to_owned(),
                '\r' => r"\r".to_owned(),
                '\t' => r"\t".to_owned(),
                '\\' => r"\\".to_owned(),
                character if character.is_control() => format!("\\x{byte:02x}"),
                character => character.to_string(),
            };
            format!("'{escaped}'")
        }
    };
    format!("invalid character {shown} {place}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fault;

    #[test]
    fn faults_are_told_in_the_words_of_go() {
        for (text, wanted) in [
            ("", "unexpected end of JSON input"),
            ("{", "unexpected end of JSON input"),
            ("[1,", "unexpected end of JSON input"),
            ("ik", "invalid character 'i' looking for beginning of value"),
            ("{a", "invalid character 'a' looking for beginning of object key string"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
            ("[1 2]", "invalid character '2' after array element"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("\"\n\"", "invalid character '\\n' in string literal"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            ("trux", "invalid character 'x' in literal true (expecting 'e')"),
            ("-x", "invalid character 'x' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("1ex", "invalid character 'x' in exponent of numeric literal"),
            ("01", "invalid character '1' after top-level value"),
        ] {
            assert_eq!(fault(text.as_bytes()).as_deref(), Some(wanted), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_json_has_no_fault_and_what_is_none_has_one(text in "[\\[\\]{}:,\"a1 .e\\-]{0,12}") {
            let parsed = serde_json::from_str::<serde::de::IgnoredAny>(&text);
            prop_assert_eq!(fault(text.as_bytes()).is_none(), parsed.is_ok(), "{}", text);
        }
    }
}
