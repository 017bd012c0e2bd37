//! The kinds of values that keys of profiles take: how each is read, shown and refused.

use std::path::{Path, PathBuf};

use kubernetes_backend::objects::Ratio;
use kubernetes_backend::profiles::{OfferedConstraint, OverrideFile, PointerError};

use crate::option::kind::BOOLEAN as OPTION_BOOLEAN;

/// A kind of values of type `T`.
pub(super) struct Kind<T> {
    /// Reads what stands behind `=`, which may be nothing.
    pub(super) parse: fn(&str) -> Result<T, Refusal>,
    /// The value as it would be written.
    pub(super) show: fn(&T) -> String,
}

/// Why a value is refused. The text says what would be taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// White space in an image's name.
    #[error("an image name has no white space, as in 'registry.example/r-session:4.2'")]
    Image,
    /// Not one of the words for yes and no.
    #[error("use 1 or 0")]
    Boolean,
    /// A constraint without a name.
    #[error("use names such as 'zone', or names and values such as 'zone:east', with commas between them")]
    Constraint,
    /// Not a number, or a negative one.
    #[error("use a number from 0 up, such as 0.5 or 2; 0 is no limit")]
    Amount,
    /// Not a whole number, or a negative one.
    #[error("use a whole number from 0 up")]
    Count,
    /// Not a number above 0 and at most 1.
    #[error("use a number above 0 and at most 1, such as 0.5")]
    Ratio,
    /// Not an absolute path.
    #[error("use the whole path of a file, as in '/etc/rstudio/template-data.yaml'")]
    File,
    /// Not a list of JSON pointers and files.
    #[error("use \"/json/pointer\":\"/path/of/file\", with commas between several")]
    Overrides,
    /// A pointer that is none.
    #[error("'{pointer}': {cause}")]
    Pointer {
        /// What stands there.
        pointer: String,
        /// Why it is none.
        cause: PointerError,
    },
}

/// The name of an image; nothing is none.
pub(super) const IMAGE: Kind<Option<String>> = Kind {
    parse: |text| match text {
        "" => Ok(None),
        text => image(text).map(Some),
    },
    show: |image| image.clone().unwrap_or_default(),
};

/// Names of images, with commas between them.
pub(super) const IMAGES: Kind<Vec<String>> =
    Kind { parse: |text| items(text).map(image).collect(), show: |images| images.join(",") };

/// Yes or no.
pub(super) const BOOLEAN: Kind<bool> = Kind {
    parse: |text| OPTION_BOOLEAN.read(text).ok().flatten().ok_or(Refusal::Boolean),
    show: OPTION_BOOLEAN.show,
};

/// `name` or `name:value`, with commas between several. What follows the first colon is the value.
pub(super) const CONSTRAINTS: Kind<Vec<OfferedConstraint>> = Kind {
    parse: |text| items(text).map(constraint).collect(),
    show: |constraints| {
        let written = |one: &OfferedConstraint| match &one.value {
            Some(value) => format!("{}:{value}", one.name),
            None => one.name.clone(),
        };
        constraints.iter().map(written).collect::<Vec<_>>().join(",")
    },
};

/// A number from 0 up.
pub(super) const AMOUNT: Kind<f64> = Kind {
    parse: |text| number(text).filter(|number| *number >= 0.0).ok_or(Refusal::Amount),
    show: ToString::to_string,
};

/// A whole number from 0 up.
pub(super) const COUNT: Kind<u32> =
    Kind { parse: |text| text.parse().map_err(|_| Refusal::Count), show: ToString::to_string };

/// A number over 0, at most 1.
pub(super) const RATIO: Kind<Ratio> = Kind {
    parse: |text| number(text).and_then(Ratio::new).ok_or(Refusal::Ratio),
    show: |ratio| ratio.get().to_string(),
};

/// The path of a file; nothing is none.
pub(super) const FILE: Kind<Option<PathBuf>> = Kind {
    parse: |text| match Path::new(text) {
        _ if text.is_empty() => Ok(None),
        path if path.is_absolute() => Ok(Some(path.to_owned())),
        _ => Err(Refusal::File),
    },
    show: |path| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
};

/// `"/pointer":"/file"`, with commas between several; nothing is none. Neither part may hold a double quote.
pub(super) const OVERRIDES: Kind<Vec<OverrideFile>> = Kind {
    parse: overrides,
    show: |overrides| {
        let written = |one: &OverrideFile| format!("\"{}\":\"{}\"", one.pointer, one.path.display());
        overrides.iter().map(written).collect::<Vec<_>>().join(",")
    },
};

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn image(text: &str) -> Result<String, Refusal> {
    let bad = text.contains(|c: char| c.is_whitespace() || c.is_control());
    if bad { Err(Refusal::Image) } else { Ok(text.to_owned()) }
}

fn constraint(text: &str) -> Result<OfferedConstraint, Refusal> {
    let (name, value) = match text.split_once(':') {
        Some((name, value)) => (name.trim(), Some(value.trim().to_owned())),
        None => (text, None),
    };
    if name.is_empty() {
        Err(Refusal::Constraint)
    } else {
        Ok(OfferedConstraint { name: name.to_owned(), value })
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn overrides(text: &str) -> Result<Vec<OverrideFile>, Refusal> {
    let mut overrides = Vec::new();
    if text.trim().is_empty() {
        return Ok(overrides);
    }
    let mut parts = text.split('"');
    let mut expected = "";
    loop {
        let mut next = || parts.next().ok_or(Refusal::Overrides);
        let (before, pointer, between, file) = (next()?, next()?, next()?, next()?);
        if before.trim() != expected || between.trim() != ":" || !Path::new(file).is_absolute() {
            return Err(Refusal::Overrides);
        }
        let refused = |cause| Refusal::Pointer { pointer: pointer.to_owned(), cause };
        overrides.push(OverrideFile { pointer: pointer.parse().map_err(refused)?, path: file.into() });
        let mut rest = parts.clone();
        let tail = rest.next().ok_or(Refusal::Overrides)?;
        if tail.trim().is_empty() && rest.next().is_none() {
            return Ok(overrides);
        }
        expected = ",";
    }
}
