//! Which variables are in scope, and where their values will lie.

use crate::ast::Variable;
use crate::value::Str;

/// The variables of one template, in the order they came into scope.
pub(super) struct Scope {
    entries: Vec<Entry>,
    next_slot: u32,
    most_slots: u32,
}

struct Entry {
    name: Str,
    slots: Vec<u32>,
}

/// A place in the scope to return to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    entries: usize,
    next_slot: u32,
}

/// A declaration whose value is still being read: until it is complete, the name means what it meant before.
pub(super) struct Pending {
    entry: usize,
    slot: u32,
}

impl Scope {
    /// With `$`, which lies in slot 0.
    pub(super) fn new() -> Self {
        Self { entries: vec![Entry { name: Str::from("$"), slots: vec![0] }], next_slot: 1, most_slots: 1 }
    }

    pub(super) fn most_slots(&self) -> u32 {
        self.most_slots
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { entries: self.entries.len(), next_slot: self.next_slot }
    }

    pub(super) fn return_to(&mut self, mark: Mark) {
        self.entries.truncate(mark.entries);
        self.next_slot = mark.next_slot;
    }

    pub(super) fn knows(&self, name: &Str) -> bool {
        self.find(name).is_some()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.name.to_text().into_owned()).collect()
    }

    /// The variable as it would be read here.
    pub(super) fn variable(&self, name: &Str) -> Variable {
        let slots = self.find(name).map(|entry| entry.slots.clone()).unwrap_or_default();
        Variable { name: name.clone(), slots }
    }

    /// Notes an assignment: the name counts as known from here on, as in Go, wherever its value may lie.
    pub(super) fn assign(&mut self, name: &Str) -> Variable {
        let variable = self.variable(name);
        self.entries.push(Entry { name: name.clone(), slots: variable.slots.clone() });
        variable
    }

    /// Begins a declaration.
    pub(super) fn declare(&mut self, name: &Str) -> (Variable, Pending) {
        let before = self.variable(name);
        let slot = self.next_slot;
        self.next_slot += 1;
        self.most_slots = self.most_slots.max(self.next_slot);
        self.entries.push(Entry { name: name.clone(), slots: before.slots });
        let variable = Variable { name: name.clone(), slots: vec![slot] };
        (variable, Pending { entry: self.entries.len() - 1, slot })
    }

    /// Completes a declaration. One that may never be evaluated leaves the earlier meaning to fall back on.
    pub(super) fn complete(&mut self, pending: &Pending, may_be_skipped: bool) {
        if let Some(entry) = self.entries.get_mut(pending.entry) {
            if !may_be_skipped {
                entry.slots.clear();
            }
            entry.slots.insert(0, pending.slot);
        }
    }

    fn find(&self, name: &Str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.name == *name)
    }
}

impl Pending {
    pub(super) fn slot(&self) -> u32 {
        self.slot
    }
}
