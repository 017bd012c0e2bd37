//! Calls of functions, frames that come and go with them, and errors on their way out.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::frame::{Bases, Frame, Origin, Rendering, SetRef};
use super::machine::{Flow, Machine};
use super::{Operand, arguments, field, print};
use crate::ast::NodeId;
use crate::builtin::Builtin;
use crate::error::{CallError, Error, ExecError};
use crate::format::{PrintError, PrintLimits};
use crate::function::{Call, Function, Render, Reply, ReplyKind};
use crate::program::{CallSite, Callee, FieldCallSite, Template};
use crate::value::Value;

impl<'d> Machine<'d> {
    /// Calls a function by its name, with its arguments on the stack.
    pub(super) fn call(&mut self, template: &Template, site: &CallSite) -> Result<Option<Flow>, ExecError> {
        let from = self.arrange(site.arguments, site.has_final);
        let limits = self.host.limits.print();
        let (result, name) = match &site.callee {
            Callee::Builtin(Builtin::Call) => {
                let written = site.first_argument.map(|node| template.arena.display(node));
                let name = written.unwrap_or_else(|| arguments::name_of(&self.stack[from]));
                match arguments::of_function_value(&mut self.stack[from..], &name) {
                    Ok(function) => {
                        let reply = self.call_host(&function, from + 1);
                        return self.take_reply(reply, &function, from, b"call", site.node);
                    }
                    Err(error) => (Err(error), "call"),
                }
            }
            Callee::Builtin(builtin) => (builtin.call(&self.stack[from..], limits), builtin.name()),
            Callee::Host(function) => {
                let reply = self.call_host(function, from);
                return self.take_reply(reply, function, from, function.name().as_bytes(), site.node);
            }
        };
        self.stack.truncate(from);
        match result {
            Ok(operand) => {
                self.push_made(operand)?;
                Ok(None)
            }
            Err(error) => Err(self.call_failed(name.as_bytes(), site.node, error)),
        }
    }

    /// Calls a function that prints with its arguments on the stack, and writes its text. An error of the function comes
    /// first, one of the output's limit inside.
    pub(super) fn print_call(&mut self, site: &CallSite) -> Result<Result<(), PrintError>, ExecError> {
        let Callee::Builtin(builtin) = site.callee else { return Ok(Ok(())) };
        let from = self.arrange(site.arguments, site.has_final);
        let before = self.out.len();
        let limits = self.host.limits.print();
        let within = PrintLimits { bytes: limits.bytes.saturating_add(before), ..limits };
        let result = builtin.print(&mut self.out, &self.stack[from..], within);
        self.stack.truncate(from);
        if let Err(error) = result {
            self.out.truncate(before);
            let error = match error {
                PrintError::TooLong { .. } => PrintError::TooLong { limit: limits.bytes },
                too_deep @ PrintError::TooDeep { .. } => too_deep,
            };
            return Err(self.call_failed(builtin.name().as_bytes(), site.node, error.into()));
        }
        Ok(print::check_room(&mut self.out, self.room, self.host.limits.output))
    }

    /// Brings the piped value behind the written arguments; gives where the arguments begin.
    fn arrange(&mut self, arguments: u32, has_final: bool) -> usize {
        let count = arguments as usize + usize::from(has_final);
        let from = self.stack.len() - count;
        if has_final {
            self.stack[from..].rotate_left(1);
        }
        from
    }

    fn call_host(&self, function: &Function, from: usize) -> Result<Reply, CallError> {
        arguments::with_values(&self.stack[from..], |arguments| {
            let call = Call {
                arguments,
                templates: &self.frame.set,
                context: self.host.context,
                print_limits: self.host.limits.print(),
            };
            guarded(function, &call)
        })
    }

    /// Pushes what a function answered, or begins what it wants run.
    fn take_reply(
        &mut self,
        reply: Result<Reply, CallError>,
        function: &Arc<Function>,
        from: usize,
        name: &[u8],
        node: NodeId,
    ) -> Result<Option<Flow>, ExecError> {
        self.stack.truncate(from);
        match reply {
            Ok(Reply(ReplyKind::Value(value))) => {
                self.push_made(Operand::declared(value, function.result()))?;
                Ok(None)
            }
            Ok(Reply(ReplyKind::Render(render))) => {
                self.begin_rendering(*render, function, name, node)?;
                Ok(Some(Flow::Switched))
            }
            Err(error) => Err(self.call_failed(name, node, error)),
        }
    }

    /// Pushes what a call gave, counting what it made.
    fn push_made(&mut self, operand: Operand<'d>) -> Result<(), ExecError> {
        if let Operand::Owned(value, _) = &operand {
            self.made = self.made.saturating_add(value.made_bytes());
            let limit = self.host.limits.made;
            if self.made > limit {
                return Err(ExecError::Made { limit });
            }
        }
        self.stack.push(operand);
        Ok(())
    }

    /// The error of a function, which is reported at its call.
    fn call_failed(&mut self, function: &[u8], node: NodeId, source: CallError) -> ExecError {
        self.blame = Some(node);
        ExecError::Call { function: String::from_utf8_lossy(function).into_owned(), source }
    }

    /// Looks up what a field with arguments calls.
    pub(super) fn resolve(&mut self, template: &Template, site: &FieldCallSite) -> Result<(), ExecError> {
        let receiver = self.pop();
        match field::method(&receiver, &site.name, &self.host)? {
            Some(method) => {
                let signature = Callee::Host(method.clone()).signature();
                signature.check_count(&site.name, site.arguments as usize, site.has_final)?;
                self.callees.push((method, site.name.clone()));
            }
            None => {
                if site.has_final {
                    self.pop();
                }
                self.stack.push(Operand::Nothing);
                self.remember(template);
                self.frame.next = site.skip as usize;
            }
        }
        Ok(())
    }

    pub(super) fn resolved_literal(&mut self, template: &Template, site: u32) -> Result<(), ExecError> {
        let site = &template.literals[site as usize];
        let Some((method, _)) = self.callees.last() else { return Ok(()) };
        let value = arguments::literal(template, site, method.param_at(site.parameter as usize))?;
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn resolved_check(&mut self, parameter: u32, below: u32) -> Result<(), ExecError> {
        let Some((method, _)) = self.callees.last() else { return Ok(()) };
        let at = self.stack.len() - 1 - below as usize;
        match method.param_at(parameter as usize) {
            Some(of) => arguments::check(&mut self.stack[at], of),
            None => Ok(()),
        }
    }

    pub(super) fn call_resolved(&mut self, site: &FieldCallSite) -> Result<Option<Flow>, ExecError> {
        let from = self.arrange(site.arguments, site.has_final);
        let Some((method, name)) = self.callees.pop() else { return Ok(None) };
        let reply = self.call_host(&method, from);
        self.take_reply(reply, &method, from, name.as_bytes(), site.node)
    }

    fn begin_rendering(
        &mut self,
        render: Render,
        function: &Arc<Function>,
        name: &[u8],
        node: NodeId,
    ) -> Result<(), ExecError> {
        let limit = self.host.limits.render_depth;
        if self.render_depth >= limit {
            return Err(ExecError::RenderDepth { limit });
        }
        let Render { templates, name: wanted, data, finish } = render;
        let Some(number) = templates.number_of(wanted.as_bytes()).filter(|&n| templates.has(n)) else {
            let name_text = wanted.to_text().into_owned();
            let missing = Error::before_start(&name_text, ExecError::Incomplete { name: name_text.clone() });
            let reply = finish(Err(missing)).map(Reply::from);
            let from = self.stack.len();
            self.take_reply(reply, function, from, name, node)?;
            return Ok(());
        };
        self.render_depth += 1;
        self.room = self.room.saturating_sub(self.out.len());
        let rendering = Rendering {
            finish,
            function: function.clone(),
            name: name.into(),
            node,
            output: std::mem::take(&mut self.out),
        };
        let origin = Origin::Function(Box::new(rendering));
        self.enter(SetRef::Shared(templates), number, Operand::concrete(data), 0, origin)
    }

    /// Makes a template the current one.
    pub(super) fn enter(
        &mut self,
        set: SetRef<'d>,
        number: u32,
        dot: Operand<'d>,
        depth: usize,
        origin: Origin,
    ) -> Result<(), ExecError> {
        let Some(template) = set.template(number) else { return Ok(()) };
        let bases = Bases {
            stack: self.stack.len(),
            variables: self.variables.len(),
            dots: self.dots.len(),
            rounds: self.rounds.len(),
            callees: self.callees.len(),
        };
        let slots = template.slots as usize;
        let limit = self.host.limits.stack;
        if bases.stack + bases.variables + slots > limit {
            return Err(ExecError::Stack { limit });
        }
        self.variables.push(dot.clone());
        self.variables.resize(bases.variables + slots, Operand::Unset);
        let frame = Frame { set, template, next: 0, dot, depth, remembered: None, bases, origin };
        self.callers.push(std::mem::replace(&mut self.frame, frame));
        Ok(())
    }

    /// Returns to the frame that waits for the current one.
    pub(super) fn leave_frame(&mut self) -> Result<Flow, ExecError> {
        match self.drop_frame() {
            None => Ok(Flow::Done),
            Some(Origin::Function(rendering)) => {
                let text = self.end_rendering_output(rendering.output);
                let reply = (rendering.finish)(Ok(text)).map(Reply::from);
                let from = self.stack.len();
                self.take_reply(reply, &rendering.function, from, rendering.name.as_bytes(), rendering.node)?;
                Ok(Flow::Switched)
            }
            Some(Origin::Template | Origin::Host) => Ok(Flow::Switched),
        }
    }

    /// Goes back to the caller's output; gives the text of the template that ended.
    fn end_rendering_output(&mut self, output: Vec<u8>) -> Vec<u8> {
        self.render_depth -= 1;
        self.room += output.len();
        std::mem::replace(&mut self.out, output)
    }

    /// Forgets the current frame and all that it had open; `None` when it is the host's.
    fn drop_frame(&mut self) -> Option<Origin> {
        let caller = self.callers.pop()?;
        let frame = std::mem::replace(&mut self.frame, caller);
        let bases = frame.bases;
        self.stack.truncate(bases.stack);
        self.variables.truncate(bases.variables);
        self.dots.truncate(bases.dots);
        self.rounds.truncate(bases.rounds);
        self.callees.truncate(bases.callees);
        Some(frame.origin)
    }

    /// Lets an error pass through the frames until a function holds it up.
    pub(super) fn unwind(&mut self, error: Error) -> Result<(), Error> {
        let mut error = error;
        loop {
            let rendering = match self.drop_frame() {
                None => return Err(error),
                Some(Origin::Template | Origin::Host) => continue,
                Some(Origin::Function(rendering)) => rendering,
            };
            self.end_rendering_output(rendering.output);
            match (rendering.finish)(Err(error)) {
                Ok(value) => {
                    self.stack.push(Operand::declared(value, rendering.function.result()));
                    return Ok(());
                }
                Err(source) => {
                    let template = self.frame.template.clone();
                    let cause = ExecError::Call { function: rendering.name.to_text().into_owned(), source };
                    error = template.arena.error(rendering.node, &template.name, cause);
                }
            }
        }
    }
}

/// Calls a function; a panic is an error, as in Go.
pub(super) fn guarded(function: &Function, call: &Call<'_>) -> Result<Reply, CallError> {
    catch_unwind(AssertUnwindSafe(|| function.call(call)))
        .unwrap_or_else(|panic| Err(CallError::Panic(panic_text(&*panic))))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the function panicked").to_owned()
}

/// A method without arguments, called on the way along a path.
pub(super) fn call_without_arguments(function: &Function, call: &Call<'_>) -> Result<Value, CallError> {
    match guarded(function, call)? {
        Reply(ReplyKind::Value(value)) => Ok(value),
        Reply(ReplyKind::Render(_)) => Err(CallError::new("a method cannot run a template")),
    }
}
