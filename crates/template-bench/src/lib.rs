#![doc = include_str!("../README.md")]

mod go;
mod here;
mod peer;
mod row;
mod rows;

pub use go::{Go, Spent};
pub use row::{Action, Peer, Row};
pub use rows::all;

/// What is done again and again: appends the text that it makes, if any.
pub type Work = Box<dyn FnMut(&mut Vec<u8>) -> Result<(), Failure>>;

/// Why a row cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A template fails here.
    #[error("helm-template: {0}")]
    Here(#[from] helm_template::Error),
    /// A template fails in the peer.
    #[error("gotmpl: {0}")]
    Peer(String),
    /// Go's program or a template in it fails.
    #[error("Go: {0}")]
    Go(String),
    /// The data cannot be made.
    #[error("making the data: {0}")]
    Data(String),
}

impl Row {
    /// The row's work with `helm-template`.
    ///
    /// # Errors
    /// A template that cannot be parsed.
    pub fn here(&self) -> Result<Work, Failure> {
        here::work(self)
    }

    /// The row's work with the peer, where it can do it.
    ///
    /// # Errors
    /// A template that cannot be parsed.
    pub fn peer(&self) -> Result<Option<Work>, Failure> {
        match self.peer {
            Peer::Cannot => Ok(None),
            Peer::Can => peer::work(self).map(Some),
        }
    }
}
