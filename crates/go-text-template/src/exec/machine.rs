//! The loop that carries out steps.

use super::frame::{Bases, Frame, Origin, SetRef, TemplateRef};
use super::range::Round;
use super::{Host, Operand, Wrap, arguments, field, print};
use crate::ast::NodeId;
use crate::error::{Error, ExecError};
use crate::function::Function;
use crate::program::{At, Step, Template};
use crate::set::TemplateSet;
use crate::span::Span;
use crate::suggest;
use crate::trace::{Trace, Writer};
use crate::value::{Str, Value};
use std::sync::Arc;
use std::time::Instant;

/// How many steps pass between two looks at the clock.
const STEPS_PER_LOOK: u64 = 256;

pub(super) struct Machine<'d> {
    pub(super) host: Host<'d>,
    pub(super) frame: Frame<'d>,
    /// The frames that wait for the current one, outermost first.
    pub(super) callers: Vec<Frame<'d>>,
    pub(super) stack: Vec<Operand<'d>>,
    pub(super) variables: Vec<Operand<'d>>,
    /// What dot was outside each open `with`.
    pub(super) dots: Vec<Operand<'d>>,
    /// The open loops.
    pub(super) rounds: Vec<Round<'d>>,
    /// Methods whose arguments are being evaluated.
    pub(super) callees: Vec<(Arc<Function>, Str)>,
    pub(super) out: Vec<u8>,
    /// How much `out` may hold: the limit, less what callers have written.
    pub(super) room: usize,
    pub(super) render_depth: usize,
    /// The node of a call that has just failed.
    pub(super) blame: Option<NodeId>,
    /// Who wrote what, if that is asked for.
    pub(super) trace: Option<Trace>,
    steps: u64,
    pub(super) made: usize,
}

/// What the machine does after a step that left the current frame.
pub(super) enum Flow {
    Switched,
    Done,
}

impl<'d> Machine<'d> {
    pub(super) fn new(
        set: &'d TemplateSet,
        name: &[u8],
        data: &'d Value,
        host: Host<'d>,
        out: Vec<u8>,
    ) -> Result<Self, Error> {
        let found = set.number_of(name).and_then(|number| set.by_number(number));
        let Some(template) = found else {
            let name = String::from_utf8_lossy(name).into_owned();
            let cause = ExecError::Incomplete { name: name.clone() };
            return Err(Error::before_start(&name, cause));
        };
        let dot = match data {
            Value::Nil => Operand::Nothing,
            data => Operand::Borrowed(data, Wrap::Concrete),
        };
        let mut variables = vec![Operand::Unset; template.slots as usize];
        variables[0] = dot.clone();
        let frame = Frame {
            set: SetRef::Borrowed(set),
            template: TemplateRef::Borrowed(template),
            next: 0,
            dot,
            depth: 0,
            remembered: None,
            bases: Bases::default(),
            origin: Origin::Host,
        };
        Ok(Self {
            room: host.limits.output.saturating_add(out.len()),
            host,
            frame,
            callers: Vec::new(),
            stack: Vec::new(),
            variables,
            dots: Vec::new(),
            rounds: Vec::new(),
            callees: Vec::new(),
            out,
            render_depth: 0,
            blame: None,
            trace: None,
            steps: 0,
            made: 0,
        })
    }

    pub(super) fn into_output(mut self) -> Vec<u8> {
        // After an error inside a template that a function ran, the outermost text is what was written.
        let outermost =
            self.callers.iter_mut().chain([&mut self.frame]).find_map(|frame| match &mut frame.origin {
                Origin::Function(rendering) => Some(std::mem::take(&mut rendering.output)),
                Origin::Host | Origin::Template => None,
            });
        outermost.unwrap_or(self.out)
    }

    /// Runs until the host's template ends or an error is not held up by a function.
    pub(super) fn run(&mut self) -> Result<(), Error> {
        loop {
            let template = self.frame.template.clone();
            match self.run_frame(&template) {
                Ok(Flow::Done) => return Ok(()),
                Ok(Flow::Switched) => {}
                Err(cause) => {
                    // The frame may have changed on the way to the error.
                    let template = self.frame.template.clone();
                    let node = self.blame.take().unwrap_or_else(|| self.blamed(&template));
                    let error = template.arena.error(node, &template.name, cause);
                    self.unwind(error)?;
                }
            }
        }
    }

    /// The node that an error of the current step is reported at.
    fn blamed(&self, template: &Template) -> NodeId {
        match template.places.get(self.frame.next.saturating_sub(1)) {
            Some(At::Node(node)) => *node,
            _ => self.frame.remembered.unwrap_or(template.root),
        }
    }

    /// Counts a step that may be repeated without end.
    pub(super) fn tick(&mut self) -> Result<(), ExecError> {
        self.steps += 1;
        let limits = &self.host.limits;
        if self.steps > limits.steps {
            return Err(ExecError::Steps { limit: limits.steps });
        }
        if self.steps.is_multiple_of(STEPS_PER_LOOK)
            && limits.deadline.is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Err(ExecError::Deadline);
        }
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Operand<'d> {
        self.stack.pop().unwrap_or(Operand::Nothing)
    }

    fn drop_top(&mut self) {
        self.stack.truncate(self.stack.len().saturating_sub(1));
    }

    /// Where the variables' slots begin.
    pub(super) fn slot(&self, slot: u32) -> usize {
        self.frame.bases.variables + slot as usize
    }

    /// Carries out the steps of a frame until it ends or another one begins.
    fn run_frame(&mut self, template: &Template) -> Result<Flow, ExecError> {
        // The frame's own count is kept up to date for errors, but not read from: that would slow each step down.
        let mut next = self.frame.next;
        loop {
            let Some(&step) = template.steps.get(next) else { return Ok(Flow::Done) };
            next += 1;
            self.frame.next = next;
            match step {
                Step::Text { start, end } => {
                    self.out.extend_from_slice(&template.arena.source.text[start as usize..end as usize]);
                    print::check_room(&mut self.out, self.room, self.host.limits.output)?;
                    self.wrote(template, Span { start, end }, Writer::Text);
                }
                Step::PushConstant(number) => {
                    let operand = self.constant(number);
                    self.stack.push(operand);
                }
                Step::PushNothing => self.stack.push(Operand::Nothing),
                Step::PushNil => self.stack.push(Operand::Owned(Value::Nil, Wrap::Any)),
                Step::PushDot => self.stack.push(self.frame.dot.clone()),
                Step::PushSlot(slot) => self.stack.push(self.variables[self.slot(slot)].clone()),
                Step::PushVariable(number) => {
                    let slot = self.set_slot(template, number)?;
                    self.stack.push(self.variables[slot].clone());
                }
                Step::PushField(path) => {
                    let path = template.path(path);
                    match self.frame.dot.through_maps(path) {
                        Some((value, wrap)) => self.stack.push(Operand::Borrowed(value, wrap)),
                        None => {
                            let operand = field::read(&self.frame.dot, path, &self.host, &self.frame.set)?;
                            self.stack.push(operand);
                        }
                    }
                }
                Step::PushSlotField { slot, path } => {
                    let path = template.path(path);
                    let base = &self.variables[self.slot(slot)];
                    match base.through_maps(path) {
                        Some((value, wrap)) => self.stack.push(Operand::Borrowed(value, wrap)),
                        None => {
                            let operand = field::read(base, path, &self.host, &self.frame.set)?;
                            self.stack.push(operand);
                        }
                    }
                }
                Step::Walk(path) => {
                    let base = self.pop();
                    let path = template.path(path);
                    let operand = field::walk(base, path, &self.host, &self.frame.set)?;
                    self.stack.push(operand);
                }
                Step::Unwrap => {
                    if let Some(top) = self.stack.last_mut() {
                        top.unwrap();
                    }
                }
                Step::Pop => self.drop_top(),
                Step::Print => {
                    let operand = self.pop();
                    let printed = print::write(&mut self.out, &operand, self.room, &self.host);
                    self.printed(template, self.blamed(template), printed)?;
                }
                Step::PrintDot { action } => {
                    let printed = print::write(&mut self.out, &self.frame.dot, self.room, &self.host);
                    self.printed(template, action, printed)?;
                }
                Step::PrintField { path, action } => {
                    let path = template.path(path);
                    let base = &self.frame.dot;
                    let out = &mut self.out;
                    let printed =
                        print::write_field(out, base, path, self.room, &self.host, &self.frame.set)?;
                    self.printed(template, action, printed)?;
                }
                Step::PrintSlot { slot, action } => {
                    let operand = &self.variables[self.slot(slot)];
                    let printed = print::write(&mut self.out, operand, self.room, &self.host);
                    self.printed(template, action, printed)?;
                }
                Step::PrintSlotField { slot, path, action } => {
                    let path = template.path(path);
                    let base = &self.variables[self.slot(slot)];
                    let out = &mut self.out;
                    let printed =
                        print::write_field(out, base, path, self.room, &self.host, &self.frame.set)?;
                    self.printed(template, action, printed)?;
                }
                Step::Set(slot) => {
                    let slot = self.slot(slot);
                    self.variables[slot] = self.stack.last().cloned().unwrap_or(Operand::Nothing);
                }
                Step::SetAndPop(slot) => {
                    let slot = self.slot(slot);
                    self.variables[slot] = self.pop();
                }
                Step::Assign(number) => {
                    let slot = self.set_slot(template, number)?;
                    self.variables[slot] = self.stack.last().cloned().unwrap_or(Operand::Nothing);
                }
                Step::Unset(slot) => {
                    let slot = self.slot(slot);
                    self.variables[slot] = Operand::Unset;
                }
                Step::Check { of, below } => {
                    let at = self.stack.len() - 1 - below as usize;
                    arguments::check(&mut self.stack[at], &template.types[of as usize])?;
                }
                Step::Call(site) => {
                    self.tick()?;
                    if let Some(flow) = self.call(template, &template.calls[site as usize])? {
                        return Ok(flow);
                    }
                }
                Step::PrintCall { call, action } => {
                    self.tick()?;
                    let printed = self.print_call(&template.calls[call as usize])?;
                    self.printed(template, action, printed.map_err(print::Fault::Print))?;
                }
                Step::ShortCircuit { on, has_final, done } => {
                    let decides = self.stack.last().is_some_and(|top| top.value().is_true() == on);
                    if decides {
                        self.remember(template);
                        if has_final {
                            let top = self.pop();
                            self.pop();
                            self.stack.push(top);
                        }
                        next = done as usize;
                    } else {
                        self.drop_top();
                    }
                }
                Step::Resolve(site) => {
                    self.resolve(template, &template.field_calls[site as usize])?;
                    next = self.frame.next;
                }
                Step::ResolvedLiteral(site) => self.resolved_literal(template, site)?,
                Step::ResolvedCheck { parameter, below } => self.resolved_check(parameter, below)?,
                Step::CallResolved(site) => {
                    self.tick()?;
                    if let Some(flow) = self.call_resolved(&template.field_calls[site as usize])? {
                        return Ok(flow);
                    }
                }
                Step::Remember => self.remember(template),
                Step::Jump(target) => next = target as usize,
                Step::JumpUnless(target) => {
                    let is_true = self.stack.last().is_some_and(|top| top.value().is_true());
                    self.drop_top();
                    if !is_true {
                        next = target as usize;
                    }
                }
                Step::EnterWith(target) => {
                    let operand = self.pop();
                    if operand.value().is_true() {
                        self.dots.push(std::mem::replace(&mut self.frame.dot, operand));
                    } else {
                        next = target as usize;
                    }
                }
                Step::LeaveWith => self.leave_withs(1),
                Step::EnterRange(range) => self.enter_range(&template.ranges[range as usize])?,
                Step::NextRound(range) => {
                    self.tick()?;
                    if let Some(target) = self.next_round(template, &template.ranges[range as usize])? {
                        next = target as usize;
                    }
                }
                Step::Continue { range, withs } => {
                    self.leave_withs(withs);
                    next = template.ranges[range as usize].next as usize;
                }
                Step::Break { range, withs } => {
                    self.leave_withs(withs);
                    self.leave_range();
                    next = template.ranges[range as usize].exit as usize;
                }
                Step::FindTemplate(number) => self.find_template(number)?,
                Step::RunTemplate { template, has_argument } => {
                    self.tick()?;
                    self.run_template(template, has_argument)?;
                    return Ok(Flow::Switched);
                }
                Step::Return => return self.leave_frame(),
                Step::Fail(number) => return Err(template.failures[number as usize].clone()),
            }
        }
    }

    fn constant(&self, number: u32) -> Operand<'d> {
        match &self.frame.template {
            TemplateRef::Borrowed(template) => {
                Operand::Borrowed(&template.constants[number as usize], Wrap::Concrete)
            }
            TemplateRef::Shared(template) => Operand::concrete(template.constants[number as usize].clone()),
        }
    }

    /// The slot where a variable's value lies.
    pub(super) fn set_slot(&self, template: &Template, number: u32) -> Result<usize, ExecError> {
        let site = &template.variables[number as usize];
        let slots = site.slots.iter().map(|&slot| self.slot(slot));
        let set = slots.into_iter().find(|&slot| !matches!(self.variables[slot], Operand::Unset));
        set.ok_or_else(|| ExecError::UndefinedVariable { name: site.name.to_text().into_owned() })
    }

    pub(super) fn remember(&mut self, template: &Template) {
        self.frame.remembered = Some(self.blamed(template));
    }

    /// An error of printing is reported at the action, not at what it prints.
    fn printed(
        &mut self,
        template: &Template,
        action: NodeId,
        printed: Result<(), print::Fault>,
    ) -> Result<(), ExecError> {
        printed.map_err(|fault| {
            self.blame = Some(action);
            print::error(fault, template, action)
        })?;
        if self.trace.is_some() {
            self.wrote(template, template.arena.span(action), Writer::Action);
        }
        Ok(())
    }

    /// Notes who wrote to the host's text; what a function renders belongs to whoever prints it.
    fn wrote(&mut self, template: &Template, span: Span, writer: Writer) {
        if let Some(trace) = &mut self.trace
            && self.render_depth == 0
        {
            trace.wrote(self.out.len(), &template.arena.source, span, writer);
        }
    }

    fn leave_withs(&mut self, count: u32) {
        let keep = self.dots.len() - count as usize;
        if let Some(outermost) = self.dots.drain(keep..).next() {
            self.frame.dot = outermost;
        }
    }

    fn find_template(&mut self, number: u32) -> Result<(), ExecError> {
        if !self.frame.set.has(number) {
            let name = self.frame.set.name_of(number);
            let known = self.frame.set.names();
            let nearest = suggest::nearest(&name, known.iter().map(String::as_str));
            return Err(ExecError::UnknownTemplate { name, nearest });
        }
        let limit = self.host.limits.template_depth;
        if self.frame.depth >= limit {
            return Err(ExecError::TemplateDepth { limit });
        }
        Ok(())
    }

    fn run_template(&mut self, number: u32, has_argument: bool) -> Result<(), ExecError> {
        let dot = if has_argument { self.pop() } else { Operand::Nothing };
        let set = self.frame.set.clone();
        let depth = self.frame.depth + 1;
        self.enter(set, number, dot, depth, Origin::Template)
    }
}
