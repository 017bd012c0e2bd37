//! Events about objects that have not been seen yet.

use std::collections::{HashMap, VecDeque};

use crate::status::Note;

/// The most that are kept: the namespace may be full of other people's events.
const MOST: usize = 1024;

/// The last note for each unknown object, the oldest forgotten first.
#[derive(Debug, Default)]
pub(super) struct EarlyNotes {
    notes: HashMap<String, Note>,
    order: VecDeque<String>,
}

impl EarlyNotes {
    /// Keeps a note until its subject is seen.
    pub(super) fn keep(&mut self, note: Note) {
        let uid = note.subject_uid.clone();
        if uid.is_empty() {
            return;
        }
        if let Some(older) = self.notes.get_mut(&uid) {
            if older.cause.time <= note.cause.time {
                *older = note;
            }
            return;
        }
        if self.order.len() >= MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.notes.remove(&oldest);
        }
        self.order.push_back(uid.clone());
        self.notes.insert(uid, note);
    }

    /// What was kept for an object that is seen now.
    pub(super) fn take(&mut self, uid: &str) -> Option<Note> {
        let note = self.notes.remove(uid)?;
        self.order.retain(|kept| kept != uid);
        Some(note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_notes_are_kept_and_the_oldest_go_first() {
        let mut notes = EarlyNotes::default();
        for number in 0..MOST + 1 {
            notes.keep(Note { subject_uid: number.to_string(), ..Note::default() });
        }
        assert_eq!(notes.take("0"), None);
        assert!(notes.take("1").is_some());
        assert_eq!(notes.notes.len(), MOST - 1);
        assert_eq!(notes.order.len(), MOST - 1);
    }
}
