//! What is measured.

use serde_json::{Value, json};

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// What the table calls it.
    pub title: &'static str,
    /// What is done.
    pub action: Action,
    /// Names and texts, in the order of their names, in which all sides parse them.
    pub files: Vec<(&'static str, &'static str)>,
    /// The template to run.
    pub name: &'static str,
    /// What it is given.
    pub data: Value,
    /// Whether the peer takes part.
    pub peer: Peer,
}

/// What is done in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A template that was parsed is run.
    Render,
    /// The files are parsed; the functions are bound already.
    Parse,
    /// The functions are bound, the files parsed, the template run.
    Start,
}

/// Whether the peer can do a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// It can.
    Can,
    /// It lacks the functions.
    Cannot,
}

impl Row {
    /// The row as Go's side reads it.
    #[must_use]
    pub fn request(&self) -> Value {
        let action = match self.action {
            Action::Render => "render",
            Action::Parse => "parse",
            Action::Start => "start",
        };
        let files: serde_json::Map<String, Value> =
            self.files.iter().map(|&(name, text)| (name.to_owned(), text.into())).collect();
        json!({"row": {"action": action, "files": files, "name": self.name, "data": self.data}})
    }
}
