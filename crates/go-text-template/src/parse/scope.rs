//! Which variables are in scope, and where their values will lie.

use crate::ast::{Arena, Run, Variable};

/// The variables of one template, in the order they came into scope. Their names and slots lie in the arena.
pub(super) struct Scope {
    entries: Vec<Variable>,
    next_slot: u32,
    most_slots: u32,
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
    pub(super) fn new(arena: &mut Arena) -> Self {
        let name = arena.add_name("$");
        let slots = arena.add_slots([0]);
        Self { entries: vec![Variable { name, slots, may_be_unset: false }], next_slot: 1, most_slots: 1 }
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

    /// Begins another branch: names that came into scope since a mark stay known, as in Go, but what was declared or
    /// assigned there is not run before what follows here.
    pub(super) fn begin_alternative(&mut self, body: Mark, arena: &Arena) {
        let (before, since) = self.entries.split_at_mut(body.entries);
        for entry in since {
            let earlier =
                before.iter().rev().find(|earlier| arena.name(earlier.name) == arena.name(entry.name));
            let nowhere = Variable { name: entry.name, slots: Run::default(), may_be_unset: true };
            *entry = earlier.copied().unwrap_or(nowhere);
        }
    }

    pub(super) fn names(&self, arena: &Arena) -> Vec<String> {
        self.entries.iter().map(|entry| arena.name(entry.name).to_text().into_owned()).collect()
    }

    /// The variable as it would be read here, if it is known.
    pub(super) fn find(&self, name: &[u8], arena: &Arena) -> Option<Variable> {
        self.entries.iter().rev().find(|entry| arena.name(entry.name).as_bytes() == name).copied()
    }

    /// The variable as it would be read here, known or not.
    pub(super) fn variable(&self, name: &[u8], arena: &mut Arena) -> Variable {
        self.find(name, arena).unwrap_or_else(|| Variable {
            name: arena.add_name(name),
            slots: Run::default(),
            may_be_unset: true,
        })
    }

    /// Notes an assignment: the name counts as known from here on, as in Go, wherever its value may lie.
    pub(super) fn assign(&mut self, name: &[u8], arena: &mut Arena) -> Variable {
        let variable = self.variable(name, arena);
        self.entries.push(variable);
        variable
    }

    /// Begins a declaration.
    pub(super) fn declare(&mut self, name: &[u8], arena: &mut Arena) -> (Variable, Pending) {
        let before = self.assign(name, arena);
        let slot = self.next_slot;
        self.next_slot += 1;
        self.most_slots = self.most_slots.max(self.next_slot);
        let variable = Variable { slots: arena.add_slots([slot]), may_be_unset: false, ..before };
        (variable, Pending { entry: self.entries.len() - 1, slot })
    }

    /// Completes a declaration. One that may never be evaluated leaves the earlier meaning to fall back on.
    pub(super) fn complete(&mut self, pending: &Pending, may_be_skipped: bool, arena: &mut Arena) {
        if let Some(entry) = self.entries.get_mut(pending.entry) {
            if may_be_skipped {
                entry.slots = arena.add_slot_before(pending.slot, entry.slots);
            } else {
                entry.slots = arena.add_slots([pending.slot]);
                entry.may_be_unset = false;
            }
        }
    }
}

impl Pending {
    pub(super) fn slot(&self) -> u32 {
        self.slot
    }
}
