//! Sets of templates that can call each other.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::ast::{Arena, Source};
use crate::builtin;
use crate::check;
use crate::compile;
use crate::error::Error;
use crate::execution::Execution;
use crate::function::Function;
use crate::functions::Functions;
use crate::lex::Delimiters;
use crate::parse::{self, Definition, KnownFunctions, OnUnknownName, Outcome};
use crate::program::Template;
use crate::value::{Str, Value};

/// What a missing key of a map gives (Go's option `missingkey`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// No value, which prints as `<no value>` (Go's `default` or `invalid`).
    #[default]
    NoValue,
    /// The zero value of the map's element type; for `interface {}` a nil, which prints as `<no value>`, too.
    Zero,
    /// An error.
    Error,
}

/// Templates parsed together: each can run the others by name, and a later definition replaces an earlier one.
///
/// Parse once, run many times, from many threads. Cloning is cheap, and the clone can be added to without the
/// original seeing it.
///
/// ```
/// use go_text_template::{TemplateSet, Value};
///
/// let mut set = TemplateSet::new();
/// set.parse("greet", r#"{{ define "name" }}{{ .name }}{{ end }}Hello {{ template "name" . }}!"#)?;
/// let data = Value::map([("name", "World")]);
/// assert_eq!(set.render("greet", &data)?, "Hello World!");
/// # Ok::<(), go_text_template::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TemplateSet(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    functions: Arc<Functions>,
    host: Shared,
    delimiters: Delimiters,
    missing_key: MissingKey,
    numbers: HashMap<Str, u32>,
    templates: Vec<(Str, Option<Arc<Parsed>>)>,
}

/// What the host gave for its functions to find.
#[derive(Clone)]
struct Shared(Arc<dyn Any + Send + Sync>);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            functions: Arc::default(),
            host: Shared(Arc::new(())),
            delimiters: Delimiters::default(),
            missing_key: MissingKey::default(),
            numbers: HashMap::new(),
            templates: Vec::new(),
        }
    }
}

/// A template of a parsed text. It is compiled when it is first run, for most of a large set never are.
#[derive(Debug)]
struct Parsed {
    definition: Definition,
    arena: Arc<Arena>,
    functions: Arc<Functions>,
    compiled: OnceLock<Arc<Template>>,
}

impl Parsed {
    fn template(&self) -> &Arc<Template> {
        self.compiled
            .get_or_init(|| Arc::new(compile::compile(&self.arena, &self.definition, &self.functions)))
    }
}

impl Inner {
    /// The number of a name, whether or not there is such a template.
    fn number(&mut self, name: &Str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.templates.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.clone(), number);
        self.templates.push((name.clone(), None));
        number
    }
}

impl KnownFunctions for Functions {
    fn contains(&self, name: &[u8]) -> bool {
        self.get(name).is_some() || builtin::Builtin::of(name).is_some()
    }

    fn names(&self) -> Vec<String> {
        let own = self.names().map(|name| name.to_text().into_owned());
        own.chain(builtin::ALL.iter().map(|&(name, _)| name.to_owned())).collect()
    }
}

impl TemplateSet {
    /// An empty set with Go's built-in functions only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The set with functions added. Add them before parsing: names are looked up then.
    #[must_use]
    pub fn with_functions(mut self, functions: impl IntoIterator<Item = Function>) -> Self {
        let table = Arc::make_mut(&mut Arc::make_mut(&mut self.0).functions);
        table.extend(functions);
        self
    }

    /// The set with a whole table of functions in place of those it has.
    #[must_use]
    pub fn with_function_table(mut self, functions: Arc<Functions>) -> Self {
        Arc::make_mut(&mut self.0).functions = functions;
        self
    }

    /// The set with what its functions find with [`Call::host`](crate::Call::host): so that one table of functions can
    /// serve many sets.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use go_text_template::{CallError, Function, Functions, TemplateSet, Value};
    ///
    /// let place = Function::new("place").body(|call| {
    ///     call.host::<String>().cloned().ok_or_else(|| CallError::new("nowhere"))
    /// });
    /// let table: Arc<Functions> = Arc::new([place].into_iter().collect());
    /// let set = TemplateSet::new().with_function_table(table);
    /// let mut here = set.clone().with_host(Arc::new("here".to_owned()));
    /// here.parse("t", "{{ place }}")?;
    /// assert_eq!(here.render("t", &Value::Nil)?, "here");
    /// # Ok::<(), go_text_template::Error>(())
    /// ```
    #[must_use]
    pub fn with_host(mut self, host: Arc<dyn Any + Send + Sync>) -> Self {
        Arc::make_mut(&mut self.0).host = Shared(host);
        self
    }

    /// The set with other delimiters for what is parsed from here on.
    #[must_use]
    pub fn with_delimiters(mut self, delimiters: Delimiters) -> Self {
        Arc::make_mut(&mut self.0).delimiters = delimiters;
        self
    }

    /// The set with another rule for missing keys.
    #[must_use]
    pub fn with_missing_key(mut self, missing_key: MissingKey) -> Self {
        Arc::make_mut(&mut self.0).missing_key = missing_key;
        self
    }

    /// Parses a text as the template `name`, with all that it defines.
    ///
    /// A template that is already there is replaced, unless the new one has nothing but white space and comments.
    ///
    /// # Errors
    /// The first thing that Go's parser would refuse. Nothing is added then.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        let source = Arc::new(Source { name: name.to_owned(), text: text.as_ref().into() });
        let functions = self.0.functions.clone();
        let outcome = parse::parse(&source, &self.0.delimiters, &*functions, OnUnknownName::Fail);
        match outcome {
            Ok(outcome) => {
                self.add(outcome, &functions);
                Ok(())
            }
            Err((error, _)) => Err(error),
        }
    }

    /// Looks for everything in a text that is known to fail without running it: what cannot be parsed, unknown
    /// functions and variables, wrong numbers of arguments, literals that do not fit, templates that are nowhere
    /// defined.
    ///
    /// The set itself is not changed; its templates count as defined.
    ///
    /// ```
    /// use go_text_template::TemplateSet;
    ///
    /// let problems = TemplateSet::new().check("t", "{{ prnt 1 }}{{ len }}{{ template \"x\" }}");
    /// let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    /// assert_eq!(texts, [
    ///     r#"template: t:1: function "prnt" not defined"#,
    ///     r#"template: t:1:15: executing "t" at <len>: wrong number of args for len: want 1 got 0"#,
    ///     r#"template: t:1:33: executing "t" at <{{template "x"}}>: template "x" not defined"#,
    /// ]);
    /// assert_eq!(problems[0].hint().unwrap(), "did you mean `print`?");
    /// ```
    #[must_use]
    pub fn check(&self, name: &str, text: impl AsRef<[u8]>) -> Vec<Error> {
        let source = Arc::new(Source { name: name.to_owned(), text: text.as_ref().into() });
        let functions = self.0.functions.clone();
        match parse::parse(&source, &self.0.delimiters, &*functions, OnUnknownName::Collect) {
            Ok(mut outcome) => {
                let mut problems = std::mem::take(&mut outcome.problems);
                let mut set = self.clone();
                let added = set.add(outcome, &functions);
                problems.extend(added.iter().flat_map(|parsed| check::problems(parsed.template(), &set)));
                check::sort(&mut problems);
                problems
            }
            Err((error, mut problems)) => {
                problems.push(error);
                problems
            }
        }
    }

    /// All that is known to fail in the templates of the set, as [`check`](TemplateSet::check) finds it.
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let templates = self.0.templates.iter().filter_map(|(_, parsed)| parsed.as_ref());
        templates.flat_map(|parsed| check::problems(parsed.template(), self)).collect()
    }

    fn add(&mut self, outcome: Outcome, functions: &Arc<Functions>) -> Vec<Arc<Parsed>> {
        let mut arena = outcome.arena;
        let inner = Arc::make_mut(&mut self.0);
        for node in outcome.called {
            arena.set_number(node, |name| inner.number(name));
        }
        let arena = Arc::new(arena);
        let mut added = Vec::new();
        for definition in outcome.definitions {
            let number = inner.number(&definition.name) as usize;
            let slot = &mut inner.templates[number].1;
            let takes_place = slot.is_none() || !definition.is_empty;
            let (arena, functions) = (arena.clone(), functions.clone());
            let parsed = Arc::new(Parsed { definition, arena, functions, compiled: OnceLock::new() });
            if takes_place {
                *slot = Some(parsed.clone());
            }
            added.push(parsed);
        }
        added
    }

    /// The names of all templates, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let defined = self.0.templates.iter().filter(|(_, template)| template.is_some());
        let mut names: Vec<String> = defined.map(|(name, _)| name.to_text().into_owned()).collect();
        names.sort_unstable();
        names
    }

    /// The set without a template; those that run it fail from then on, unless one of that name is parsed again.
    ///
    /// ```
    /// use go_text_template::TemplateSet;
    ///
    /// let mut set = TemplateSet::new();
    /// set.parse("t", "text")?;
    /// assert!(!set.clone().without("t").contains("t") && set.contains("t"));
    /// # Ok::<(), go_text_template::Error>(())
    /// ```
    #[must_use]
    pub fn without(mut self, name: impl AsRef<[u8]>) -> Self {
        if let Some(number) = self.number_of(name.as_ref())
            && let Some((_, template)) = Arc::make_mut(&mut self.0).templates.get_mut(number as usize)
        {
            *template = None;
        }
        self
    }

    /// Whether a template of that name was parsed.
    #[must_use]
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.number_of(name.as_ref()).is_some_and(|number| self.has(number))
    }

    /// The functions.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.0.functions
    }

    /// Runs a template and gives its text, with U+FFFD for broken UTF-8.
    ///
    /// # Errors
    /// What stopped it.
    pub fn render(&self, name: &str, data: &Value) -> Result<String, Error> {
        self.execution().render(name, data)
    }

    /// A rendering with limits, a context for functions, or another rule for missing keys.
    #[must_use]
    pub fn execution(&self) -> Execution<'_> {
        Execution::of(self, self.0.missing_key)
    }

    pub(crate) fn host(&self) -> &(dyn Any + Send + Sync) {
        &*self.0.host.0
    }

    pub(crate) fn number_of(&self, name: &[u8]) -> Option<u32> {
        self.0.numbers.get(name).copied()
    }

    pub(crate) fn by_number(&self, number: u32) -> Option<&Arc<Template>> {
        self.parsed(number).map(|parsed| parsed.template())
    }

    /// Whether there is a template of that number.
    pub(crate) fn has(&self, number: u32) -> bool {
        self.parsed(number).is_some()
    }

    fn parsed(&self, number: u32) -> Option<&Arc<Parsed>> {
        self.0.templates.get(number as usize).and_then(|(_, parsed)| parsed.as_ref())
    }

    pub(crate) fn name_of(&self, number: u32) -> String {
        self.0.templates.get(number as usize).map(|(name, _)| name.to_text().into_owned()).unwrap_or_default()
    }
}
