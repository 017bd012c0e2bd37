//! Environment, network, programs, users and the cluster: from the world.

use std::any::Any;

use go_text_template::{CallError, Field, List, Object, Str, Type, Value};

use crate::declare::{Shape, functions};
use crate::world::{ProgramResult, World};

functions! {
    "exec"(program: Text; arguments: Text) -> Program = [world] exec,
        "Runs a program, without a shell, and gives `.ExitCode`, `.Err`, `.Stdout` and `.Stderr`; it prints as \
         its output.",
        example r#"{{ (exec "echo" "a").Stdout | trim }}"# => "a";
    "groups"(user: Text) -> Texts = [world] groups, "The names of a user's groups.",
        fails "there is no such user", example r#"{{ has "root" (groups "root") }}"# => "true";
    "lookup"(api_version: Text, kind: Text, namespace: Text, name: Text) -> Map = [world] lookup,
        "An object of the cluster or, with an empty name, all of them; an empty map when there is none.",
        fails "the cluster could not be asked", example r#"{{ lookup "v1" "Pod" "ns" "x" | empty }}"# => "true";
}

/// What Helm takes away from Sprig.
pub(super) mod sprig {
    use super::{CallError, World};
    use crate::declare::functions;

    functions! {
        "env"(name: Text) -> Text = [world] env, "A variable of the environment, or an empty text.",
            example r#"{{ env "NO_SUCH_VARIABLE" }}"# => "";
        "expandenv"(text: Text) -> Text = [world] expandenv,
            "Replaces `$name` and `${name}` by variables of the environment.",
            example r#"{{ expandenv "a-$NO_SUCH_VARIABLE" }}"# => "a-";
        "getHostByName"(host: Text) -> Text = [world] get_host_by_name, "An address of a host, by chance one.",
            fails "the host is unknown";
    }

    fn env(world: &dyn World, name: &[u8]) -> String {
        std::str::from_utf8(name).ok().and_then(|name| world.variable(name)).unwrap_or_default()
    }

    fn expandenv(world: &dyn World, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(dollar) = rest.iter().position(|&byte| byte == b'$') {
            let after = &rest[dollar + 1..];
            if after.is_empty() {
                break;
            }
            out.extend_from_slice(&rest[..dollar]);
            let (name, length) = shell_name(after);
            match name {
                Some(name) => out.extend_from_slice(env(world, name).as_bytes()),
                // A dollar before what can be no name stays, a broken brace goes.
                None if length == 0 => out.push(b'$'),
                None => {}
            }
            rest = &after[length..];
        }
        out.extend_from_slice(rest);
        out
    }

    /// The name after a dollar, and how much of the text it takes.
    fn shell_name(text: &[u8]) -> (Option<&[u8]>, usize) {
        let is_special =
            |byte: u8| matches!(byte, b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9');
        match text {
            [b'{', special, b'}', ..] if is_special(*special) => (Some(&text[1..2]), 3),
            [b'{', rest @ ..] => match rest.iter().position(|&byte| byte == b'}') {
                Some(0) => (None, 2),
                Some(end) => (Some(&rest[..end]), end + 2),
                None => (None, 1),
            },
            [special, ..] if is_special(*special) => (Some(&text[..1]), 1),
            _ => {
                let is_part = |byte: &&u8| **byte == b'_' || byte.is_ascii_alphanumeric();
                let length = text.iter().take_while(is_part).count();
                if length == 0 { (None, 0) } else { (Some(&text[..length]), length) }
            }
        }
    }

    fn get_host_by_name(world: &dyn World, host: &[u8]) -> Result<String, CallError> {
        let addresses = world.addresses(&String::from_utf8_lossy(host));
        let count = addresses.len() as u64;
        if count == 0 {
            return Err(CallError::new("invalid argument to Intn"));
        }
        let chosen = super::super::random::below(world, count)?;
        let address = usize::try_from(chosen).ok().and_then(|chosen| addresses.get(chosen));
        Ok(address.map(ToString::to_string).unwrap_or_default())
    }
}

/// Helm asks no resolver unless told to.
pub(super) mod without_dns {
    use crate::declare::functions;

    functions! {
        "getHostByName"(host: Text) -> Text = nothing, "An empty text: names are not resolved.",
            example r#"{{ getHostByName "localhost" }}"# => "";
    }

    fn nothing(_host: &[u8]) -> &'static str {
        ""
    }
}

/// The result of a program as templates see it.
#[derive(Debug)]
struct Program {
    exit_code: i64,
    error: Value,
    stdout: Str,
    stderr: Str,
}

/// Why a program failed, as a Go error.
#[derive(Debug)]
struct Failure(Str);

impl Object for Failure {
    fn object_type(&self) -> Type {
        Type::object("*exec.ExitError", go_text_template::Kind::Ptr)
    }

    fn text(&self) -> Option<Str> {
        Some(self.0.clone())
    }

    fn is_error(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for Program {
    fn object_type(&self) -> Type {
        Shape::Program.to_type()
    }

    fn text(&self) -> Option<Str> {
        Some(self.stdout.clone())
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("ExitCode", self.exit_code),
            Field::new("Err", self.error.clone()).declared_as(Type::Error),
            Field::new("Stdout", self.stdout.clone()),
            Field::new("Stderr", self.stderr.clone()),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn exec(world: &dyn World, program: &[u8], arguments: Vec<&[u8]>) -> Result<Value, CallError> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| CallError::new("argument is not valid UTF-8"));
    let arguments: Vec<&str> = arguments.into_iter().map(text).collect::<Result<_, _>>()?;
    let ProgramResult { exit_code, error, stdout, stderr } = world.run(text(program)?, &arguments);
    let error = error.map_or(Value::Nil, |error| Value::object(Failure(error.into())));
    Ok(Value::object(Program { exit_code, error, stdout: stdout.into(), stderr: stderr.into() }))
}

fn groups(world: &dyn World, user: &[u8]) -> Result<List, CallError> {
    let names = world
        .groups(&String::from_utf8_lossy(user))
        .map_err(|refusal| CallError::new(refusal.to_string()))?;
    Ok(List::of(Type::String, names.into_iter().map(Value::from).collect()))
}

fn lookup(
    world: &dyn World,
    api_version: &[u8],
    kind: &[u8],
    namespace: &[u8],
    name: &[u8],
) -> Result<Value, CallError> {
    let text = |bytes| String::from_utf8_lossy(bytes);
    let found = world.lookup(&text(api_version), &text(kind), &text(namespace), &text(name));
    found.map_err(|refusal| CallError::new(refusal.to_string()))
}
