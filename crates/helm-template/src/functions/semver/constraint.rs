//! Constraints: `^1.2`, `>=1.2, <2 || 3.x`, `1.2 - 1.4`.

use std::cmp::Ordering;
use std::sync::LazyLock;

use go_text_template::format;
use regex::Regex;

use super::Version;

/// Groups of conditions; one group must be met whole.
#[derive(Debug)]
pub(super) struct Constraints(Vec<Group>);

#[derive(Debug)]
struct Group {
    conditions: Vec<Condition>,
    /// Pre-releases are considered only by groups that name one.
    names_prerelease: bool,
}

#[derive(Debug)]
struct Condition {
    operator: Operator,
    version: Version,
    given: Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    TildeOrEqual,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

/// How much of the version was given; the rest is anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Nothing,
    Major,
    Minor,
    Patch,
}

/// The text is no constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ConstraintError {
    /// A group is something else.
    #[error("improper constraint: {}", quoted(.group))]
    Improper {
        /// As written.
        group: String,
    },
    /// A version in it is none.
    #[error("constraint parser error")]
    Version,
    /// It is too long.
    #[error("constraint string is too long (max {MOST_BYTES} bytes)")]
    TooLong,
    /// It has too many groups.
    #[error("too many constraint groups (max {MOST_GROUPS})")]
    TooManyGroups,
}

const MOST_BYTES: usize = 512;
const MOST_GROUPS: usize = 32;

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&format::quote(text)).into_owned()
}

/// A version with placeholders. The bars in the brackets are the library's.
const VERSION: &str = r"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?";

const OPERATORS: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";

/// White space as Go's `\s` has it.
const SPACE: &str = r"[\t\n\f\r ]";

/// The patterns that constraints are read with.
struct Patterns {
    condition: Regex,
    range: Regex,
    conditions: Regex,
    group: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let one = format!("({OPERATORS}){SPACE}*({VERSION})");
    Some(Patterns {
        condition: Regex::new(&format!(r"^{SPACE}*{one}{SPACE}*$")).ok()?,
        range: Regex::new(&format!(r"{SPACE}*({VERSION}){SPACE}+-{SPACE}+({VERSION}){SPACE}*")).ok()?,
        conditions: Regex::new(&one).ok()?,
        group: Regex::new(&format!(r"^({SPACE}*{one}{SPACE}*)((?:{SPACE}+|,{SPACE}*){one}{SPACE}*)*$"))
            .ok()?,
    })
});

impl Constraints {
    pub(super) fn parse(text: &[u8]) -> Result<Self, ConstraintError> {
        if text.len() > MOST_BYTES {
            return Err(ConstraintError::TooLong);
        }
        let text = String::from_utf8_lossy(text);
        let improper = |group: &str| ConstraintError::Improper { group: group.to_owned() };
        let patterns = PATTERNS.as_ref().ok_or_else(|| improper(&text))?;
        let text = with_ranges_rewritten(&text, &patterns.range);
        let groups: Vec<&str> = text.split("||").collect();
        if groups.len() > MOST_GROUPS {
            return Err(ConstraintError::TooManyGroups);
        }
        let parse_group = |group: &str| {
            if !patterns.group.is_match(group) {
                return Err(improper(group));
            }
            let found = patterns.conditions.find_iter(group);
            let conditions: Vec<Condition> = found
                .map(|condition| Condition::parse(condition.as_str(), &patterns.condition))
                .collect::<Result<_, _>>()?;
            let names_prerelease = conditions.iter().any(|condition| !condition.version.pre.is_empty());
            Ok(Group { conditions, names_prerelease })
        };
        groups.into_iter().map(parse_group).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a version meets them.
    pub(super) fn are_met_by(&self, version: &Version) -> bool {
        self.0.iter().any(|group| {
            let is_considered = version.pre.is_empty() || group.names_prerelease;
            is_considered && group.conditions.iter().all(|condition| condition.is_met_by(version))
        })
    }
}

/// `1.2 - 1.4` as two conditions.
fn with_ranges_rewritten(text: &str, range: &Regex) -> String {
    let mut rewritten = text.to_owned();
    for found in range.captures_iter(text) {
        let bound = |at: usize| found.get(at).map_or("", |bound| bound.as_str());
        let conditions = format!(">= {}, <= {} ", bound(1), bound(11));
        rewritten = rewritten.replacen(bound(0), &conditions, 1);
    }
    rewritten
}

impl Condition {
    fn parse(text: &str, pattern: &Regex) -> Result<Self, ConstraintError> {
        let improper = || ConstraintError::Improper { group: text.to_owned() };
        let found = pattern.captures(text).ok_or_else(improper)?;
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        let operator = match part(1) {
            "" | "=" => Operator::TildeOrEqual,
            "!=" => Operator::NotEqual,
            ">" => Operator::Greater,
            "<" => Operator::Less,
            ">=" | "=>" => Operator::GreaterOrEqual,
            "<=" | "=<" => Operator::LessOrEqual,
            "~" | "~>" => Operator::Tilde,
            "^" => Operator::Caret,
            _ => return Err(improper()),
        };
        let (major, minor, patch, pre) = (part(3), part(4), part(5), part(6));
        let is_open = |number: &str| matches!(number.trim_start_matches('.'), "" | "x" | "X" | "*");
        let (given, version) = if is_open(major) {
            (Given::Nothing, format!("0.0.0{pre}"))
        } else if is_open(minor) {
            (Given::Major, format!("{major}.0.0{pre}"))
        } else if is_open(patch) {
            (Given::Minor, format!("{major}{minor}.0{pre}"))
        } else {
            (Given::Patch, part(2).to_owned())
        };
        let version = Version::parse(version.as_bytes()).map_err(|_| ConstraintError::Version)?;
        Ok(Self { operator, version, given })
    }

    fn is_met_by(&self, version: &Version) -> bool {
        match self.operator {
            Operator::TildeOrEqual if self.given == Given::Patch => self.order(version) == Ordering::Equal,
            Operator::TildeOrEqual | Operator::Tilde => self.tilde(version),
            Operator::NotEqual => self.not_equal(version),
            Operator::Greater => self.greater(version),
            Operator::Less => self.order(version) == Ordering::Less,
            Operator::GreaterOrEqual => self.order(version) != Ordering::Less,
            Operator::LessOrEqual => self.less_or_equal(version),
            Operator::Caret => self.caret(version),
        }
    }

    /// How the version stands to the one named here.
    fn order(&self, version: &Version) -> Ordering {
        version.order(&self.version)
    }

    /// Whether a number that was not given in full may be anything from the minor on.
    fn minor_is_open(&self) -> bool {
        self.given == Given::Major
    }

    fn not_equal(&self, version: &Version) -> bool {
        let here = &self.version;
        if self.given == Given::Patch {
            return self.order(version) != Ordering::Equal;
        }
        if here.major != version.major || (here.minor != version.minor && !self.minor_is_open()) {
            return true;
        }
        match self.given {
            Given::Major => false,
            Given::Minor => {
                let has_prerelease = !version.pre.is_empty() || !here.pre.is_empty();
                has_prerelease && version.pre != here.pre
            }
            // `!=*` looks at the patch, which is 0 here, and then at the whole.
            _ => here.patch != version.patch || self.order(version) != Ordering::Equal,
        }
    }

    fn greater(&self, version: &Version) -> bool {
        match (self.given, version.major.cmp(&self.version.major)) {
            (Given::Patch, _) => self.order(version) == Ordering::Greater,
            (_, Ordering::Greater) => true,
            (_, Ordering::Less) | (Given::Major, _) => false,
            (Given::Minor, _) => version.minor > self.version.minor,
            (Given::Nothing, _) => self.order(version) == Ordering::Greater,
        }
    }

    fn less_or_equal(&self, version: &Version) -> bool {
        if self.given == Given::Patch {
            return self.order(version) != Ordering::Greater;
        }
        match version.major.cmp(&self.version.major) {
            Ordering::Greater => false,
            Ordering::Equal => version.minor <= self.version.minor || self.minor_is_open(),
            Ordering::Less => true,
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let here = &self.version;
        if self.order(version) == Ordering::Less {
            return false;
        }
        let is_zero = (here.major, here.minor, here.patch) == (0, 0, 0);
        if is_zero && !matches!(self.given, Given::Major | Given::Minor) {
            return true;
        }
        version.major == here.major && (version.minor == here.minor || self.minor_is_open())
    }

    fn caret(&self, version: &Version) -> bool {
        let here = &self.version;
        if self.order(version) == Ordering::Less {
            return false;
        }
        if here.major > 0 || self.minor_is_open() {
            return version.major == here.major;
        }
        if version.major > 0 {
            return false;
        }
        if here.minor > 0 || self.given == Given::Minor {
            return version.minor == here.minor;
        }
        version.minor == 0 && version.patch == here.patch
    }
}
