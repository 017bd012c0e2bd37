//! The functions of `oracle/gotemplate/kinds.go`, which make and take values of every kind.

use go_text_template::{
    Call, CallError, Function, FunctionBuilder, Kind, List, Map, Reply, Str, Type, Value,
};

use super::objects::{Duration, Numbers, Pair, Pairs, PlainError, Titled};

type Result<T> = std::result::Result<T, CallError>;

fn int(name: &str, returns: Type, make: fn(i64) -> Value) -> Function {
    Function::new(name).param(Type::Int).returns(returns).body(move |call| Ok(make(call.int(0)?)))
}

fn items(name: &str, element: Type) -> Function {
    Function::new(name).variadic(element.clone()).returns(Type::slice(element.clone())).body(move |call| {
        let items: Vec<Value> = call.arguments().iter().map(|&item| item.clone()).collect();
        Ok(List::of(element.clone(), items))
    })
}

fn taking(name: &str, of: Type, returns: Type) -> Function {
    Function::new(name).param(of).returns(returns).body(|call| Ok(call.argument(0).clone()))
}

fn counting(name: &str, of: Type) -> Function {
    Function::new(name).param(of).returns(Type::Int).body(|call| {
        Ok(match call.argument(0) {
            Value::List(list) => list.len(),
            Value::Map(map) => map.len(),
            _ => 0,
        })
    })
}

fn constant(name: &str, returns: Type, value: fn() -> Value) -> Function {
    Function::new(name).returns(returns).body(move |_| Ok(value()))
}

fn string(call: &Call<'_>, index: usize) -> Result<Str> {
    call.string(index).cloned()
}

fn float(call: &Call<'_>) -> f64 {
    if let Value::Float64(value) = call.argument(0) { *value } else { 0.0 }
}

fn one_string(name: &str, returns: Type) -> FunctionBuilder {
    Function::new(name).param(Type::String).returns(returns)
}

fn pair_type() -> Type {
    Type::object("main.pair", Kind::Struct)
}

fn pair(name: &str, is_pointer: bool) -> Function {
    let returns = if is_pointer { Type::object("*main.pair", Kind::Ptr) } else { pair_type() };
    Function::new(name).param(Type::String).param(Type::Any).returns(returns).body(move |call| {
        let value = call.argument(1).clone();
        Ok(Value::object(Pair { name: string(call, 0)?, value, error: Value::Nil, is_pointer }))
    })
}

pub(crate) fn functions() -> Vec<Function> {
    let mut functions = numbers();
    functions.extend(containers());
    functions.extend(objects());
    functions.extend(takers());
    functions
}

fn numbers() -> Vec<Function> {
    vec![
        int("int8", Type::Int8, |n| Value::Int8(n as i8)),
        int("int16", Type::Int16, |n| Value::Int16(n as i16)),
        int("int32", Type::Int32, |n| Value::Int32(n as i32)),
        int("int64", Type::Int64, Value::Int64),
        int("uint", Type::Uint, |n| Value::Uint(n as u64)),
        int("uint8", Type::Uint8, |n| Value::Uint8(n as u8)),
        int("uint16", Type::Uint16, |n| Value::Uint16(n as u16)),
        int("uint32", Type::Uint32, |n| Value::Uint32(n as u32)),
        int("uint64", Type::Uint64, |n| Value::Uint64(n as u64)),
        int("uintptr", Type::Uintptr, |n| Value::Uintptr(n as u64)),
        int("inf", Type::Float64, |n| Value::Float64(if n < 0 { f64::NEG_INFINITY } else { f64::INFINITY })),
        constant("nan", Type::Float64, || Value::Float64(f64::NAN)),
        Function::new("float32")
            .param(Type::Float64)
            .returns(Type::Float32)
            .body(|call| Ok(Value::Float32(float(call) as f32))),
        taking("float64", Type::Float64, Type::Float64),
        Function::new("complex64").param(Type::Complex128).returns(Type::Complex64).body(|call| {
            Ok(match call.argument(0) {
                Value::Complex128(real, imaginary) => Value::Complex64(*real as f32, *imaginary as f32),
                _ => Value::Nil,
            })
        }),
    ]
}

fn containers() -> Vec<Function> {
    vec![
        one_string("bytes", Type::slice(Type::Uint8)).body(|call| {
            let bytes = call.string(0)?.as_bytes().iter().map(|&byte| Value::Uint8(byte)).collect();
            Ok(List::of(Type::Uint8, bytes))
        }),
        items("list", Type::Any),
        items("strings", Type::String),
        items("ints", Type::Int),
        items("floats", Type::Float64),
        items("lists", Type::slice(Type::Any)),
        Function::new("dict").variadic(Type::Any).returns(Type::map(Type::Any)).body(|call| {
            let pairs = call.arguments().chunks_exact(2);
            let pairs: Result<Vec<(Str, Value)>> = pairs
                .map(|pair| match pair[0] {
                    Value::String(key) => Ok((key.clone(), pair[1].clone())),
                    other => {
                        let found = other.type_of().map_or("nil".to_owned(), |of| of.to_string());
                        let text = format!("interface conversion: interface {{}} is {found}, not string");
                        Err(CallError::new(text))
                    }
                })
                .collect();
            Ok(Map::new(pairs?))
        }),
        Function::new("stringmap").variadic(Type::String).returns(Type::map(Type::String)).body(|call| {
            let pairs: Result<Vec<(Str, Value)>> = (0..call.arguments().len() / 2)
                .map(|i| Ok((string(call, 2 * i)?, Value::String(string(call, 2 * i + 1)?))))
                .collect();
            Ok(Map::of(Type::String, pairs?))
        }),
        Function::new("intmap")
            .param(Type::String)
            .param(Type::Int)
            .returns(Type::map(Type::Int))
            .body(|call| Ok(Map::of(Type::Int, [(string(call, 0)?, call.argument(1).clone())]))),
        Function::new("set")
            .param(Type::map(Type::Any))
            .param(Type::String)
            .param(Type::Any)
            .returns(Type::map(Type::Any))
            .body(|call| {
                let map = call.map(0)?.clone();
                map.insert(string(call, 1)?, call.argument(2).clone())?;
                Ok(map)
            }),
        constant("nilany", Type::Any, || Value::Nil),
        constant("nilmap", Type::map(Type::Any), || Value::Map(Map::nil(Type::Any))),
        constant("nillist", Type::slice(Type::String), || Value::List(List::nil(Type::String))),
        constant("nilerror", Type::Error, || Value::Nil),
        taking("any", Type::Any, Type::Any),
    ]
}

fn objects() -> Vec<Function> {
    vec![
        one_string("error", Type::Error).body(|call| Ok(Value::object(PlainError(string(call, 0)?)))),
        one_string("fail", Type::String).body(|call| Err::<Value, _>(CallError::new(call.str(0)?))),
        one_string("panic", Type::String)
            .body(|call| -> Result<Reply> { std::panic::resume_unwind(Box::new(call.str(0)?.to_owned())) }),
        pair("pair", false),
        pair("pairptr", true),
        Function::new("failed").param(Type::String).param(Type::String).returns(pair_type()).body(|call| {
            let error = Value::object(PlainError(string(call, 1)?));
            Ok(Value::object(Pair { name: string(call, 0)?, value: Value::Nil, error, is_pointer: false }))
        }),
        one_string("titled", Type::object("main.titled", Kind::Struct))
            .body(|call| Ok(Value::object(Titled(string(call, 0)?)))),
        Function::new("duration")
            .param(Type::Int64)
            .returns(Type::object("time.Duration", Kind::Int64))
            .body(|call| Ok(Value::object(Duration(call.int(0)?)))),
        constant("func", Type::Function("func(int, string) string".into()), || {
            let function =
                Function::new("func").param(Type::Int).param(Type::String).returns(Type::String).body(
                    |call| {
                        let text = call.str(1)?;
                        let cut = usize::try_from(call.int(0)?).ok().and_then(|end| text.get(..end));
                        cut.map(str::to_owned).ok_or_else(|| {
                            let (end, length) = (call.int(0).unwrap_or(0), text.len());
                            CallError::new(format!(
                                "runtime error: slice bounds out of range [:{end}] with length {length}"
                            ))
                        })
                    },
                );
            Value::Function(std::sync::Arc::new(function))
        }),
        constant("variadic", Type::Function("func(string, ...int) int".into()), || {
            let function = Function::new("variadic")
                .param(Type::String)
                .variadic(Type::Int)
                .returns(Type::Int)
                .body(|call| Ok(call.string(0)?.len() + call.arguments().len() - 1));
            Value::Function(std::sync::Arc::new(function))
        }),
        int("seq", Type::object("iter.Seq[int]", Kind::Func), |n| Value::object(Numbers(n))),
        Function::new("seq2")
            .variadic(Type::String)
            .returns(Type::object("iter.Seq2[int,string]", Kind::Func))
            .body(|call| {
                Ok(Value::object(Pairs(call.arguments().iter().map(|&item| item.clone()).collect())))
            }),
    ]
}

fn takers() -> Vec<Function> {
    vec![
        taking("takebool", Type::Bool, Type::Bool),
        taking("takeint", Type::Int, Type::Int),
        taking("takeint8", Type::Int8, Type::Int8),
        taking("takeuint", Type::Uint, Type::Uint),
        taking("takeuint8", Type::Uint8, Type::Uint8),
        taking("takef32", Type::Float32, Type::Float32),
        taking("takef64", Type::Float64, Type::Float64),
        taking("takec", Type::Complex128, Type::Complex128),
        taking("takestr", Type::String, Type::String),
        counting("takelist", Type::slice(Type::Any)),
        counting("takestrs", Type::slice(Type::String)),
        counting("takemap", Type::map(Type::Any)),
        Function::new("takeerr")
            .param(Type::Error)
            .returns(Type::Bool)
            .body(|call| Ok(matches!(call.argument(0), Value::Nil))),
        Function::new("takepair").param(pair_type()).returns(Type::String).body(|call| {
            match call.argument(0) {
                Value::Object(object) => {
                    let pair = object.as_any().downcast_ref::<Pair>();
                    pair.map(|pair| pair.name.clone()).ok_or_else(|| CallError::new("no pair"))
                }
                _ => Err(CallError::new("no pair")),
            }
        }),
        Function::new("taketwo")
            .param(Type::Int)
            .param(Type::String)
            .returns(Type::String)
            .body(|call| string(call, 1)),
        Function::new("takesome")
            .param(Type::String)
            .variadic(Type::Int)
            .returns(Type::Int)
            .body(|call| Ok(call.arguments().len() - 1)),
    ]
}
