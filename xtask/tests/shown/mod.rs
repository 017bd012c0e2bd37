//! Pages of statements with the tests that show them: `docs/NAME.yaml` is read, `docs/NAME.md` is written from it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A page in `docs`.
pub(crate) struct Page {
    /// Its name, and that of the test program that writes it.
    pub(crate) name: &'static str,
    pub(crate) test: &'static str,
    /// What stands above the first section.
    pub(crate) introduction: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    #[serde(rename = "section")]
    pub(crate) title: String,
    #[serde(alias = "facts", alias = "promises")]
    pub(crate) statements: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// The option, key, field or command that it is about, if it is about one.
    #[serde(default)]
    pub(crate) of: Option<String>,
    #[serde(alias = "fact", alias = "promise")]
    pub(crate) text: String,
    /// The file that deals with it, where it is told.
    #[serde(default)]
    pub(crate) handled: Option<String>,
    pub(crate) shown: Vec<Shown>,
}

/// Where a statement is shown: the file of a test, and the name of the test, a behaviour's sentence, or a text of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    file: String,
    test: String,
}

/// A file of the repository.
pub(crate) fn root(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

impl Page {
    pub(crate) fn sections(&self) -> Vec<Section> {
        let file = root(&format!("docs/{}.yaml", self.name));
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        serde_saphyr::from_str(&text).expect("a list of sections")
    }

    /// Fails where a statement names no test, or one that does not exist.
    pub(crate) fn check_tests(&self) {
        let mut wrong = Vec::new();
        for statement in self.sections().iter().flat_map(|section| &section.statements) {
            if statement.shown.is_empty() {
                wrong.push(format!("{}: nothing shows it", statement.text));
            }
            for shown in statement.shown.iter().filter(|shown| !shown.exists()) {
                wrong.push(format!("{}: {} has no '{}'", statement.text, shown.file, shown.test));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Fails where the page is not what the data says; writes it if that is asked for.
    pub(crate) fn check_text(&self) {
        let file = root(&format!("docs/{}.md", self.name));
        let page = self.text();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&file, &page).expect("the page is written");
        }
        let found = std::fs::read_to_string(&file).unwrap_or_default();
        let (name, test) = (self.name, self.test);
        assert!(
            found == page,
            "docs/{name}.md is old: UPDATE_DOCS=1 cargo test -p xtask --test {test} writes it anew"
        );
    }

    fn text(&self) -> String {
        let mut page = self.introduction.to_owned();
        for section in self.sections() {
            let _ = write!(page, "\n## {}\n", section.title);
            for Statement { of, text, handled, shown } in section.statements {
                let of = of.map_or_else(String::new, |of| format!("**`{of}`**: "));
                let _ = writeln!(page, "\n- {of}{text}");
                if let Some(handled) = handled {
                    let _ = writeln!(page, "  Handled in `{handled}`.");
                }
                for Shown { file, test } in shown {
                    let test = if file.ends_with(".rs") { test.replace('_', " ") } else { test };
                    let _ = writeln!(page, "  - `{file}`: {test}");
                }
            }
        }
        page
    }
}

impl Shown {
    /// A function of that name in Rust; a behaviour of that sentence in the suite; else a text in the file.
    fn exists(&self) -> bool {
        let Self { file, test } = self;
        let text = std::fs::read_to_string(root(file)).unwrap_or_default();
        let is_name = test.contains('_') && test.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if file.ends_with(".rs") && is_name {
            text.contains(&format!("fn {test}("))
        } else if file.starts_with("xtask/e2e/") {
            text.lines().any(|line| line.strip_prefix("- behaviour: ") == Some(test))
        } else {
            !test.is_empty() && text.contains(test)
        }
    }
}
