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
    may_be_unset: bool,
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
        Self {
            entries: vec![Entry { name: Str::from("$"), slots: vec![0], may_be_unset: false }],
            next_slot: 1,
            most_slots: 1,
        }
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
        let name = name.clone();
        match self.find(&name) {
            Some(entry) => Variable { slots: entry.slots.clone(), may_be_unset: entry.may_be_unset, name },
            None => Variable { slots: Vec::new(), may_be_unset: true, name },
        }
    }

    /// Notes an assignment: the name counts as known from here on, as in Go, wherever its value may lie.
    pub(super) fn assign(&mut self, name: &Str) -> Variable {
        let variable = self.variable(name);
        self.enter(&variable);
        variable
    }

    /// Begins a declaration.
    pub(super) fn declare(&mut self, name: &Str) -> (Variable, Pending) {
        let before = self.variable(name);
        self.enter(&before);
        let slot = self.next_slot;
        self.next_slot += 1;
        self.most_slots = self.most_slots.max(self.next_slot);
        let variable = Variable { slots: vec![slot], may_be_unset: false, ..before };
        (variable, Pending { entry: self.entries.len() - 1, slot })
    }

    fn enter(&mut self, variable: &Variable) {
        let Variable { name, slots, may_be_unset } = variable.clone();
        self.entries.push(Entry { name, slots, may_be_unset });
    }

    /// Completes a declaration. One that may never be evaluated leaves the earlier meaning to fall back on.
    pub(super) fn complete(&mut self, pending: &Pending, may_be_skipped: bool) {
        if let Some(entry) = self.entries.get_mut(pending.entry) {
            if !may_be_skipped {
                entry.slots.clear();
                entry.may_be_unset = false;
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
