//! Functions that the host offers to templates.

use std::any::Any;
use std::fmt;

use crate::error::{CallError, Error};
use crate::format::PrintLimits;
use crate::set::TemplateSet;
use crate::value::{List, Map, Str, Type, Value};

/// What a function does.
type Body = dyn Fn(&Call<'_>) -> Result<Reply, CallError> + Send + Sync;

/// A function with the signature it would have in Go, against which the engine checks each call.
///
/// ```
/// use go_text_template::{Function, TemplateSet, Type, Value};
///
/// let repeat = Function::new("repeat")
///     .param(Type::Int)
///     .param(Type::String)
///     .returns(Type::String)
///     .body(|call| Ok(call.str(1)?.repeat(call.int(0)?.clamp(0, 1000) as usize)));
/// let mut set = TemplateSet::new().with_functions([repeat]);
/// set.parse("t", r#"{{ "ab" | repeat 3 }}"#).unwrap();
/// assert_eq!(set.render("t", &Value::Nil).unwrap(), "ababab");
///
/// set.parse("bad", r#"{{ repeat "x" "ab" }}"#).unwrap();
/// assert_eq!(
///     set.render("bad", &Value::Nil).unwrap_err().to_string(),
///     r#"template: bad:1:10: executing "bad" at <"x">: expected integer; found "x""#
/// );
/// ```
pub struct Function {
    name: Str,
    params: Vec<Type>,
    variadic: Option<Type>,
    result: Type,
    body: Box<Body>,
}

/// A function whose signature is being written down.
#[derive(Debug)]
pub struct FunctionBuilder {
    name: Str,
    params: Vec<Type>,
    variadic: Option<Type>,
    result: Type,
}

impl Function {
    /// Begins a function that takes nothing and returns `interface {}`.
    #[expect(clippy::new_ret_no_self, reason = "a function is whole only with its body")]
    pub fn new(name: impl Into<Str>) -> FunctionBuilder {
        FunctionBuilder { name: name.into(), params: Vec::new(), variadic: None, result: Type::Any }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The types of the parameters that must be given.
    #[must_use]
    pub fn params(&self) -> &[Type] {
        &self.params
    }

    /// The type of any further arguments, if the function takes some.
    #[must_use]
    pub fn variadic(&self) -> Option<&Type> {
        self.variadic.as_ref()
    }

    /// The declared type of the result.
    #[must_use]
    pub fn result(&self) -> &Type {
        &self.result
    }

    /// The type of the argument at `index`, if the function takes that many.
    pub(crate) fn param_at(&self, index: usize) -> Option<&Type> {
        self.params.get(index).or(self.variadic.as_ref())
    }

    /// Go's type of the function.
    pub(crate) fn type_of(&self) -> Type {
        let variadic = self.variadic.iter().map(|of| format!("...{of}"));
        let params: Vec<String> = self.params.iter().map(Type::to_string).chain(variadic).collect();
        Type::Function(format!("func({}) {}", params.join(", "), self.result).into())
    }

    pub(crate) fn call(&self, call: &Call<'_>) -> Result<Reply, CallError> {
        (self.body)(call)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.type_of())
    }
}

impl FunctionBuilder {
    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, of: Type) -> Self {
        self.params.push(of);
        self
    }

    /// Lets any number of arguments of this type follow the parameters.
    #[must_use]
    pub fn variadic(mut self, of: Type) -> Self {
        self.variadic = Some(of);
        self
    }

    /// Declares the type of the result, which shows in error texts. The default is `interface {}`.
    #[must_use]
    pub fn returns(mut self, of: Type) -> Self {
        self.result = of;
        self
    }

    /// Completes the function with what it does.
    ///
    /// An error ends the rendering with `error calling NAME: …`; so does a panic, as in Go.
    pub fn body<R: Into<Reply>>(
        self,
        body: impl Fn(&Call<'_>) -> Result<R, CallError> + Send + Sync + 'static,
    ) -> Function {
        let Self { name, params, variadic, result } = self;
        Function { name, params, variadic, result, body: Box::new(move |call| body(call).map(Into::into)) }
    }
}

/// One call of a function: its arguments, and what runs it.
pub struct Call<'c> {
    pub(crate) arguments: &'c [&'c Value],
    pub(crate) templates: &'c TemplateSet,
    pub(crate) context: &'c (dyn Any + Send + Sync),
    pub(crate) print_limits: PrintLimits,
}

impl<'c> Call<'c> {
    /// The arguments, checked against the function's signature. A nil `interface {}` is [`Value::Nil`].
    #[must_use]
    pub fn arguments(&self) -> &'c [&'c Value] {
        self.arguments
    }

    /// One argument; nil when there are not so many.
    #[must_use]
    pub fn argument(&self, index: usize) -> &'c Value {
        self.arguments.get(index).copied().unwrap_or(&Value::Nil)
    }

    /// A string argument, as text.
    ///
    /// # Errors
    /// When it is no string, or broken UTF-8.
    pub fn str(&self, index: usize) -> Result<&'c str, CallError> {
        self.string(index)?.to_str().ok_or_else(|| CallError::new("argument is not valid UTF-8"))
    }

    /// A string argument.
    ///
    /// # Errors
    /// When it is no string.
    pub fn string(&self, index: usize) -> Result<&'c Str, CallError> {
        match self.argument(index) {
            Value::String(text) => Ok(text),
            _ => Err(self.mismatch(index, "string")),
        }
    }

    /// An argument of type `int` or `int64`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn int(&self, index: usize) -> Result<i64, CallError> {
        match self.argument(index) {
            Value::Int(number) | Value::Int64(number) => Ok(*number),
            _ => Err(self.mismatch(index, "int")),
        }
    }

    /// A list argument.
    ///
    /// # Errors
    /// When it is no list.
    pub fn list(&self, index: usize) -> Result<&'c List, CallError> {
        match self.argument(index) {
            Value::List(list) => Ok(list),
            _ => Err(self.mismatch(index, "list")),
        }
    }

    /// A map argument.
    ///
    /// # Errors
    /// When it is no map.
    pub fn map(&self, index: usize) -> Result<&'c Map, CallError> {
        match self.argument(index) {
            Value::Map(map) => Ok(map),
            _ => Err(self.mismatch(index, "map")),
        }
    }

    /// The templates being run, for functions that run or parse some: clone them to add to them.
    #[must_use]
    pub fn templates(&self) -> &'c TemplateSet {
        self.templates
    }

    /// What the host handed to [`Execution::context`](crate::Execution::context), if it has this type.
    #[must_use]
    pub fn context<T: Any>(&self) -> Option<&'c T> {
        self.context.downcast_ref()
    }

    /// What the host handed to [`TemplateSet::with_host`], if it has this type.
    #[must_use]
    pub fn host<T: Any>(&self) -> Option<&'c T> {
        self.templates.host().downcast_ref()
    }

    /// How much a function may print into a string.
    #[must_use]
    pub fn print_limits(&self) -> PrintLimits {
        self.print_limits
    }

    fn mismatch(&self, index: usize, expected: &str) -> CallError {
        let found = self.argument(index).type_name();
        CallError::new(format!("argument {index} is {found}, not {expected}"))
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.arguments).finish()
    }
}

/// What a function answers: a value, or a template to run first.
#[derive(Debug)]
pub struct Reply(pub(crate) ReplyKind);

#[derive(Debug)]
pub(crate) enum ReplyKind {
    Value(Value),
    Render(Box<Render>),
}

impl<V: Into<Value>> From<V> for Reply {
    fn from(value: V) -> Self {
        Self(ReplyKind::Value(value.into()))
    }
}

impl From<Render> for Reply {
    fn from(render: Render) -> Self {
        Self(ReplyKind::Render(Box::new(render)))
    }
}

/// A template that a function wants run, and what it makes of the text.
///
/// The engine runs it without going deeper into the thread's stack, so such functions may nest at will.
///
/// ```
/// use go_text_template::{Function, Render, TemplateSet, Type, Value};
///
/// let include = Function::new("include").param(Type::String).param(Type::Any).returns(Type::String).body(
///     |call| Ok(Render::new(call.templates().clone(), call.str(0)?, call.argument(1).clone())),
/// );
/// let mut set = TemplateSet::new().with_functions([include]);
/// set.parse("t", r#"{{ define "inner" }}<{{ . }}>{{ end }}{{ include "inner" 5 | len }}"#).unwrap();
/// assert_eq!(set.render("t", &Value::Nil).unwrap(), "3");
/// ```
pub struct Render {
    pub(crate) templates: TemplateSet,
    pub(crate) name: Str,
    pub(crate) data: Value,
    pub(crate) finish: Box<Finish>,
}

type Finish = dyn FnOnce(Result<Vec<u8>, Error>) -> Result<Value, CallError> + Send;

impl Render {
    /// Runs the template `name` of `templates` with `data` as dot, and answers its text as a string.
    pub fn new(templates: TemplateSet, name: impl Into<Str>, data: Value) -> Self {
        let finish = |text: Result<Vec<u8>, Error>| Ok(Value::String(text?.into()));
        Self { templates, name: name.into(), data, finish: Box::new(finish) }
    }

    /// Makes something else of the text or the error.
    #[must_use]
    pub fn then(
        self,
        finish: impl FnOnce(Result<Vec<u8>, Error>) -> Result<Value, CallError> + Send + 'static,
    ) -> Self {
        Self { finish: Box::new(finish), ..self }
    }
}

impl fmt::Debug for Render {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Render").field("name", &self.name).finish_non_exhaustive()
    }
}
