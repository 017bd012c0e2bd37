//! The structures, errors and iterators of `oracle/gotemplate/kinds.go`.

use std::any::Any;
use std::sync::Arc;

use go_text_template::{CallError, Field, Function, Iteration, Kind, Object, Str, Type, Value};

/// `main.pair`, or a pointer to one.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) name: Str,
    pub(crate) value: Value,
    pub(crate) error: Value,
    pub(crate) is_pointer: bool,
}

impl Object for Pair {
    fn object_type(&self) -> Type {
        if self.is_pointer {
            Type::object("*main.pair", Kind::Ptr)
        } else {
            Type::object("main.pair", Kind::Struct)
        }
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("Name", self.name.clone()),
            Field::new("Value", self.value.clone()).declared_as(Type::Any),
            Field::new("Err", self.error.clone()).declared_as(Type::Error),
        ]
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        let pair = self.clone();
        let function =
            match name {
                b"Sum" => Function::new("Sum").param(Type::Int).variadic(Type::Int).returns(Type::Int).body(
                    |call| (0..call.arguments().len()).map(|i| call.int(i)).sum::<Result<i64, CallError>>(),
                ),
                b"Greet" => Function::new("Greet")
                    .returns(Type::String)
                    .body(move |_| Ok(format!("I am {}", pair.name))),
                b"Fail" => Function::new("Fail")
                    .param(Type::String)
                    .returns(Type::String)
                    .body(|call| Err::<Value, _>(CallError::new(call.str(0)?))),
                _ => return None,
            };
        Some(Arc::new(function))
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>();
        // Pointers, such as errors are, equal themselves only; what else is compared prints alike only if equal.
        let values = |pair: &Self| format!("{:?}", pair.value);
        Some(other.is_some_and(|other| {
            let has_pointer = self.is_pointer
                || other.is_pointer
                || !matches!((&self.error, &other.error), (Value::Nil, Value::Nil));
            let alike = !has_pointer && self.name == other.name && values(self) == values(other);
            std::ptr::eq(self, other) || alike
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `main.titled`, which has a `String` method.
#[derive(Debug)]
pub(crate) struct Titled(pub(crate) Str);

impl Object for Titled {
    fn object_type(&self) -> Type {
        Type::object("main.titled", Kind::Struct)
    }

    fn text(&self) -> Option<Str> {
        Some(format!("title {}", self.0).into())
    }

    fn fields(&self) -> Vec<Field> {
        vec![Field::new("Title", self.0.clone())]
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        string_method(name, self.text())
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>().is_some_and(|other| other.0 == self.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn string_method(name: &[u8], text: Option<Str>) -> Option<Arc<Function>> {
    let method = || Function::new("String").returns(Type::String).body(move |_| Ok(text.clone()));
    (name == b"String").then(|| Arc::new(method()))
}

/// What `errors.New` makes.
#[derive(Debug)]
pub(crate) struct PlainError(pub(crate) Str);

impl Object for PlainError {
    fn object_type(&self) -> Type {
        Type::object("*errors.errorString", Kind::Ptr)
    }

    fn text(&self) -> Option<Str> {
        Some(self.0.clone())
    }

    fn is_error(&self) -> bool {
        true
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>().is_some_and(|other| std::ptr::eq(self, other)))
    }

    fn fields(&self) -> Vec<Field> {
        vec![Field::new("s", self.0.clone())]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `time.Duration`, of whole seconds below a minute.
#[derive(Debug)]
pub(crate) struct Duration(pub(crate) i64);

impl Object for Duration {
    fn object_type(&self) -> Type {
        Type::object("time.Duration", Kind::Int64)
    }

    fn text(&self) -> Option<Str> {
        Some(format!("{}s", self.0 / 1_000_000_000).into())
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Int64(self.0))
    }

    fn method(&self, name: &[u8]) -> Option<Arc<Function>> {
        string_method(name, self.text())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `iter.Seq[int]`
#[derive(Debug)]
pub(crate) struct Numbers(pub(crate) i64);

impl Object for Numbers {
    fn object_type(&self) -> Type {
        Type::object("iter.Seq[int]", Kind::Func)
    }

    fn iterate(&self) -> Option<Iteration> {
        Some(Iteration::Values(Box::new((0..self.0).map(Value::Int))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `iter.Seq2[int, string]`
#[derive(Debug)]
pub(crate) struct Pairs(pub(crate) Vec<Value>);

impl Object for Pairs {
    fn object_type(&self) -> Type {
        Type::object("iter.Seq2[int,string]", Kind::Func)
    }

    fn iterate(&self) -> Option<Iteration> {
        let pairs = self.0.clone().into_iter().enumerate().map(|(i, item)| (Value::from(i), item));
        Some(Iteration::Pairs(Box::new(pairs)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
