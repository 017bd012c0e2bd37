//! The syntax of `launcher.kubernetes.conf` (plugin API 1.4): one `name=value` a line, `#` begins a comment anywhere.

use std::path::Path;
use std::sync::Arc;

use super::{ConfigError, Entry, FileLine, Origin, Written};
use crate::option::{self, Places};

/// Reads the file's bytes into `written`; whatever is wrong goes to `errors`, and reading goes on with the next line.
///
/// White space around names and values, a byte order mark and Windows line ends do not count.
pub(crate) fn read(path: &Path, bytes: &[u8], written: &mut Written, errors: &mut Vec<ConfigError>) {
    let path: Arc<Path> = path.into();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let place = FileLine { path: Arc::clone(&path), line: index + 1 };
        if let Err(error) = read_line(&place, line, written) {
            errors.push(error);
        }
    }
}

fn read_line(place: &FileLine, line: &[u8], written: &mut Written) -> Result<(), ConfigError> {
    let line = std::str::from_utf8(line).map_err(|_| ConfigError::NotText { place: place.clone() })?;
    let line = line.split('#').next().unwrap_or_default().trim();
    if line.is_empty() {
        return Ok(());
    }
    if line.starts_with('[') {
        return Err(ConfigError::Section { place: place.clone(), section: line.to_owned() });
    }
    let Some((name, value)) = line.split_once('=').filter(|(name, _)| !name.is_empty()) else {
        // Only the first word: the rest may be a token.
        let text = match line.split_once(char::is_whitespace) {
            Some((word, _)) => format!("{word} …"),
            None => line.to_owned(),
        };
        return Err(ConfigError::NoEquals { place: place.clone(), text });
    };
    let name = name.trim_end();
    let Some(option) = option::find(name) else {
        return Err(ConfigError::UnknownOption { place: place.clone(), name: name.to_owned() });
    };
    let definition = option.definition();
    if definition.places == Places::Flag {
        return Err(ConfigError::FlagOnly { place: place.clone(), name: definition.name });
    }
    let entry = Entry { text: value.trim_start().to_owned(), origin: Origin::File(place.clone()) };
    match written.add(definition.name, entry).map(|first| &first.origin) {
        Some(Origin::File(first)) => {
            Err(ConfigError::OptionTwice { place: place.clone(), name: definition.name, first: first.line })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value_of(content: &str, name: &str) -> Option<String> {
        let (mut written, mut errors) = (Written::default(), Vec::new());
        read(Path::new("f"), content.as_bytes(), &mut written, &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        written.in_force(name).map(|entry| entry.text.clone())
    }

    #[test]
    fn white_space_comments_marks_and_windows_line_ends_do_not_count() {
        for content in [
            "fetch-limit=7",
            " \t fetch-limit \t=\t 7 \t",
            "\u{feff}fetch-limit=7\r\n",
            "# a comment\n\nfetch-limit=7# another",
            "   # indented\nfetch-limit = 7 # x=y",
        ] {
            assert_eq!(value_of(content, "fetch-limit").as_deref(), Some("7"), "{content:?}");
        }
    }

    #[test]
    fn only_the_first_equals_sign_separates() {
        assert_eq!(
            value_of("certificate-authority=QUJD==", "certificate-authority").as_deref(),
            Some("QUJD==")
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic_and_every_mistake_has_its_line(bytes: Vec<u8>) {
            let (mut written, mut errors) = (Written::default(), Vec::new());
            read(Path::new("f"), &bytes, &mut written, &mut errors);
            let lines = bytes.split(|byte| *byte == b'\n').count();
            prop_assert!(errors.len() <= lines);
        }
    }
}
