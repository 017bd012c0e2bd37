//! How a function is declared: once, with its names, parameters, a sentence, its failures and examples.
//!
//! The lookup table, the checks of arguments, the reference page and the tests of the examples are all made from
//! [`Declaration`]s. The functions themselves are plain Rust: [`Argument`] and [`Answer`] stand between them and the
//! values of templates.

mod answer;
mod argument;
mod shape;

use std::sync::Arc;

use go_text_template::{Call, CallError, Function, Reply};

use crate::world::{System, World};
pub(crate) use answer::Answer;
pub(crate) use argument::Arguments;
pub use shape::Shape;

/// One function: everything that is known about it.
#[derive(Debug)]
pub struct Declaration {
    /// Its names. They mean the same; the first is the one to use.
    pub names: &'static [&'static str],
    /// The parameters that must be given, in order.
    pub params: &'static [Param],
    /// The parameter that may be given any number of times, after the others.
    pub rest: Option<Param>,
    /// The type of the result.
    pub result: Shape,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// When it ends the rendering.
    pub failures: &'static [&'static str],
    /// Uses and what they print.
    pub examples: &'static [Example],
    pub(crate) body: Body,
}

type Body = fn(Context<'_, '_>) -> Result<Reply, CallError>;

/// What a function works with besides its arguments.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a, 'c> {
    /// The world outside.
    pub(crate) world: &'a dyn World,
    /// The call.
    pub(crate) call: &'a Call<'c>,
}

/// The world of a set, as its functions find it.
pub(crate) struct Outside(pub(crate) Arc<dyn World>);

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// What the reference page calls it.
    pub name: &'static str,
    /// Its type.
    pub shape: Shape,
}

/// A template and what it prints.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The template.
    pub template: &'static str,
    /// Its output.
    pub output: &'static str,
}

impl Declaration {
    /// The name to use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// How it is called and what it gives: `trunc length text → string`.
    #[must_use]
    pub fn usage(&self) -> String {
        let mut usage = self.name().to_owned();
        for param in self.params {
            usage.push(' ');
            usage.push_str(param.name);
        }
        if let Some(rest) = &self.rest {
            usage.push_str(&format!(" [{}…]", rest.name));
        }
        usage
    }

    /// The function under each of its names. The world it sees is that of the set that calls it.
    pub(crate) fn functions(&'static self) -> impl Iterator<Item = Function> {
        self.names.iter().map(|&name| {
            let mut builder = Function::new(name);
            for param in self.params {
                builder = builder.param(param.shape.to_type());
            }
            if let Some(rest) = &self.rest {
                builder = builder.variadic(rest.shape.to_type());
            }
            let body = self.body;
            builder.returns(self.result.to_type()).body(move |call| {
                let world = call.host::<Outside>().map_or(&System as &dyn World, |outside| &*outside.0);
                body(Context { world, call })
            })
        })
    }
}

/// Declares the functions of a family as the constant `FUNCTIONS`.
///
/// ```text
/// "trunc" (length: Int, text: Text) -> Text = trunc,
///     "Keeps the first bytes of a text, or, with a negative length, the last.",
///     fails "a reason, when it may",
///     example r#"{{ trunc 3 "hello" }}"# => "hel";
/// ```
///
/// Several names stand beside each other with `|`. A parameter after `;` may be repeated. `[world]` or `[call]` before
/// the body hands that part of the [`Context`] to it first.
macro_rules! functions {
    ($(
        $name:literal $(| $alias:literal)* ($($param:ident: $shape:ident),* $(; $rest:ident: $rest_shape:ident)?)
        -> $result:ident = $([$context:ident])? $body:path, $summary:literal
        $(, fails $failure:literal)* $(, example $template:literal => $output:literal)*;
    )*) => {
        /// The functions of this family.
        pub(crate) const FUNCTIONS: &[$crate::declare::Declaration] = &[$(
            $crate::declare::Declaration {
                names: &[$name $(, $alias)*],
                params: &[$($crate::declare::Param {
                    name: stringify!($param),
                    shape: $crate::declare::Shape::$shape,
                }),*],
                rest: $crate::declare::optional!($($crate::declare::Param {
                    name: stringify!($rest),
                    shape: $crate::declare::Shape::$rest_shape,
                })?),
                result: $crate::declare::Shape::$result,
                summary: $summary,
                failures: &[$($failure),*],
                examples: &[$($crate::declare::Example { template: $template, output: $output }),*],
                body: |context| {
                    #[allow(unused_mut, unused_variables, reason = "a function may take no arguments")]
                    let mut arguments = $crate::declare::Arguments::new(context.call);
                    $crate::declare::Answer::answer($body(
                        $($crate::declare::context!($context context),)?
                        $({ let _ = stringify!($param); arguments.take()? },)*
                        $({ let _ = stringify!($rest); arguments.take()? },)?
                    ))
                },
            }
        ),*];
    };
}

/// `Some` of what is there, or `None`.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// The part of the context that a body asks for.
macro_rules! context {
    (world $context:ident) => {
        $context.world
    };
    (call $context:ident) => {
        $context.call
    };
}

pub(crate) use {context, functions, optional};
