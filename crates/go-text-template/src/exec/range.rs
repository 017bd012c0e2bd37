//! Loops.

use std::sync::Arc;

use super::machine::Machine;
use super::{Operand, Wrap};
use crate::error::ExecError;
use crate::format;
use crate::program::{RangeSite, Target, Template};
use crate::value::{Iteration, List, Object, Str, Type, Value};

/// An open loop.
pub(super) struct Round<'d> {
    items: Items<'d>,
    /// What dot is outside.
    dot: Operand<'d>,
    has_run: bool,
}

/// What a loop goes through.
enum Items<'d> {
    Nothing,
    BorrowedList {
        items: &'d [Value],
        wrap: Wrap,
        next: usize,
    },
    List {
        list: List,
        next: usize,
    },
    /// The numbers from `next` to before `end`, as values of the type `of`.
    Numbers {
        next: u64,
        end: u64,
        of: Type,
    },
    /// Numbers of a named type.
    NamedNumbers {
        next: i64,
        end: i64,
        of: Arc<dyn Object>,
    },
    BorrowedEntries {
        entries: &'d [(Str, Value)],
        element: &'d Type,
        next: usize,
    },
    Entries {
        entries: std::vec::IntoIter<(Str, Value)>,
        element: Type,
    },
    Iteration(Iteration),
}

/// Index or key, and element, of one round.
struct Item<'d> {
    index: Operand<'d>,
    element: Operand<'d>,
}

impl<'d> Machine<'d> {
    /// Begins a loop over the top, which is popped.
    pub(super) fn enter_range(&mut self, site: &RangeSite) -> Result<(), ExecError> {
        let operand = self.pop();
        let items = Items::of(operand, site.variables.len())?;
        let dot = self.frame.dot.clone();
        self.rounds.push(Round { items, dot, has_run: false });
        Ok(())
    }

    /// Begins the next round; where to go on when there is none.
    pub(super) fn next_round(
        &mut self,
        template: &Template,
        site: &RangeSite,
    ) -> Result<Option<Target>, ExecError> {
        let (index_slot, element_slot) = match *site.variables {
            [] => (None, None),
            [element] => (None, Some(self.target(template, site, element)?)),
            [index, element, ..] => {
                (Some(self.target(template, site, index)?), Some(self.target(template, site, element)?))
            }
        };
        let Some(round) = self.rounds.last_mut() else { return Ok(Some(site.exit)) };
        // The two usual cases put their values in place at once; a detour through an `Item` costs as much again.
        match &mut round.items {
            Items::BorrowedList { items, wrap, next } => {
                if let Some(item) = items.get(*next) {
                    if let Some(slot) = index_slot {
                        self.variables[slot] = Operand::Owned(Value::from(*next), Wrap::Concrete);
                    }
                    if let Some(slot) = element_slot {
                        self.variables[slot] = Operand::Borrowed(item, *wrap);
                    }
                    self.frame.dot = Operand::Borrowed(item, *wrap);
                    *next += 1;
                    round.has_run = true;
                    return Ok(None);
                }
            }
            Items::Numbers { next, end, of: Type::Int } => {
                if next < end {
                    let number = next.cast_signed();
                    if let Some(slot) = element_slot {
                        self.variables[slot] = Operand::Owned(Value::Int(number), Wrap::Concrete);
                    }
                    self.frame.dot = Operand::Owned(Value::Int(number), Wrap::Concrete);
                    *next += 1;
                    round.has_run = true;
                    return Ok(None);
                }
            }
            other => {
                if let Some(Item { index, element }) = other.next(index_slot.is_some()) {
                    if let Some(slot) = index_slot {
                        self.variables[slot] = index;
                    }
                    if let Some(slot) = element_slot {
                        self.variables[slot] = element.clone();
                    }
                    self.frame.dot = element;
                    round.has_run = true;
                    return Ok(None);
                }
            }
        }
        let target = if round.has_run { site.exit } else { site.otherwise };
        self.leave_range();
        Ok(Some(target))
    }

    fn target(&self, template: &Template, site: &RangeSite, variable: u32) -> Result<usize, ExecError> {
        if site.is_assignment { self.set_slot(template, variable) } else { Ok(self.slot(variable)) }
    }

    pub(super) fn leave_range(&mut self) {
        if let Some(round) = self.rounds.pop() {
            self.frame.dot = round.dot;
        }
    }
}

impl<'d> Items<'d> {
    fn of(operand: Operand<'d>, variables: usize) -> Result<Self, ExecError> {
        if operand.wrap() == Wrap::Error && matches!(operand.value(), Value::Nil) {
            return Err(ExecError::NotIterable { found: printed(operand.value()) });
        }
        if let Operand::Borrowed(value, _) = operand {
            match value {
                Value::List(list) => {
                    let wrap = Wrap::of(list.element_type());
                    return Ok(Self::BorrowedList { items: list.as_slice(), wrap, next: 0 });
                }
                Value::Map(map) => {
                    if let Some(entries) = map.original() {
                        return Ok(Self::BorrowedEntries { entries, element: map.element_type(), next: 0 });
                    }
                }
                _ => {}
            }
        }
        let value = operand.into_value();
        let number = match &value {
            Value::Nil => return Ok(Self::Nothing),
            Value::List(list) => return Ok(Self::List { list: list.clone(), next: 0 }),
            Value::Map(map) => {
                let element = map.element_type().clone();
                return Ok(Self::Entries { entries: map.entries().into_owned().into_iter(), element });
            }
            Value::Object(object) => match object.iterate() {
                Some(Iteration::Values(_)) if variables > 1 => {
                    return Err(ExecError::SingleValues { found: printed(&value) });
                }
                Some(iteration) => return Ok(Self::Iteration(iteration)),
                None => {
                    if let Some(end) = object.underlying().and_then(|number| number.as_integer()) {
                        if variables > 1 {
                            return Err(ExecError::OneVariableOnly { found: printed(&value) });
                        }
                        let end = i64::try_from(end).unwrap_or(i64::MAX);
                        return Ok(Self::NamedNumbers { next: 0, end, of: object.clone() });
                    }
                    let pointed_at = value.pointed_at().unwrap_or(value);
                    return Err(ExecError::NotIterable { found: printed(&pointed_at) });
                }
            },
            _ => match value.as_integer() {
                Some(number) => number,
                None => return Err(ExecError::NotIterable { found: printed(&value) }),
            },
        };
        if variables > 1 {
            return Err(ExecError::OneVariableOnly { found: printed(&value) });
        }
        let of = value.type_of().unwrap_or(Type::Int);
        Ok(Self::Numbers { next: 0, end: u64::try_from(number).unwrap_or(0), of })
    }

    fn next(&mut self, wants_index: bool) -> Option<Item<'d>> {
        let index_of = |at: usize| {
            if wants_index { Operand::concrete(Value::from(at)) } else { Operand::Nothing }
        };
        match self {
            Self::Nothing => None,
            Self::BorrowedList { items, wrap, next } => {
                let element = Operand::Borrowed(items.get(*next)?, *wrap);
                *next += 1;
                Some(Item { index: index_of(*next - 1), element })
            }
            Self::List { list, next } => {
                let value = list.as_slice().get(*next)?.clone();
                *next += 1;
                Some(Item {
                    index: index_of(*next - 1),
                    element: Operand::Owned(value, Wrap::of(list.element_type())),
                })
            }
            Self::Numbers { next, end, of } => {
                if next >= end {
                    return None;
                }
                *next += 1;
                Some(Item {
                    index: Operand::Nothing,
                    element: Operand::concrete(Value::Uint64(*next - 1).converted_to(of).unwrap_or_default()),
                })
            }
            Self::NamedNumbers { next, end, of } => {
                if next >= end {
                    return None;
                }
                *next += 1;
                let number = of.with_number(*next - 1).unwrap_or_default();
                Some(Item { index: Operand::Nothing, element: Operand::concrete(number) })
            }
            Self::BorrowedEntries { entries, element, next } => {
                let (key, value) = entries.get(*next)?;
                *next += 1;
                let index = if wants_index {
                    Operand::concrete(Value::String(key.clone()))
                } else {
                    Operand::Nothing
                };
                Some(Item { index, element: Operand::Borrowed(value, Wrap::of(element)) })
            }
            Self::Entries { entries, element } => {
                let (key, value) = entries.next()?;
                let element = Operand::Owned(value, Wrap::of(element));
                Some(Item { index: Operand::concrete(Value::String(key)), element })
            }
            Self::Iteration(Iteration::Values(values)) => {
                let element = Operand::concrete(values.next()?);
                Some(Item { index: Operand::Nothing, element })
            }
            Self::Iteration(Iteration::Pairs(pairs)) => {
                let (first, second) = pairs.next()?;
                // A single variable, and dot, get the first of a pair.
                let (index, element) = if wants_index { (first, second) } else { (Value::Nil, first) };
                Some(Item { index: Operand::concrete(index), element: Operand::concrete(element) })
            }
        }
    }
}

fn printed(value: &Value) -> String {
    let mut text = Vec::new();
    format::write_value(&mut text, value);
    String::from_utf8_lossy(&text).into_owned()
}
