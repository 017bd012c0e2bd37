//! Functions that run templates.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use go_text_template::{Call, CallError, Error, Render, Str, Value, format};

use crate::bytes;
use crate::declare::functions;
use crate::templates::{NO_VALUE, SET_NAME};

functions! {
    "include"(name: Text, data: Any) -> Text = [call] include,
        "The text of another template of the set, run with some data.",
        fails "there is no such template, it fails, or it includes itself more than 1,000 times",
        example r#"{{ define "t" }}<{{ . }}>{{ end }}{{ include "t" 5 | quote }}"# => "\"<5>\"";
    "tpl"(text: Text, data: Any) -> Text = [call] tpl,
        "Runs a text as a template, with some data. It sees the templates of the set.",
        fails "the text is no template, or fails", example r#"{{ tpl "{{ .a }}" (dict "a" 1) }}"# => "1";
}

/// How often a template may include itself before Helm takes it for a mistake.
const MOST_INCLUDES: u32 = 1000;

/// How often each template is being included just now, in one rendering.
#[derive(Clone, Debug, Default)]
pub(crate) struct Includes(Arc<Mutex<HashMap<Str, u32>>>);

impl Includes {
    /// Counts one more; false if there were too many.
    fn enter(&self, name: &Str) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name.clone()).or_default();
        if *count > MOST_INCLUDES {
            return false;
        }
        *count += 1;
        true
    }

    fn leave(&self, name: &Str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(name) {
            *count = count.saturating_sub(1);
        }
    }
}

fn include(call: &Call<'_>, name: &Str, data: &Value) -> Result<Render, CallError> {
    if !call.templates().contains(name) {
        let (name, set) = (quoted(name.as_bytes()), quoted(SET_NAME.as_bytes()));
        return Err(CallError::new(format!("template: no template {name} associated with template {set}")));
    }
    let includes = call.context::<Includes>().cloned().unwrap_or_default();
    if !includes.enter(name) {
        let text = "rendering template has a nested reference name:";
        return Err(CallError::new(format!("{text} {name}: unable to execute template")));
    }
    let left = name.clone();
    let render = Render::new(call.templates().clone(), name.clone(), data.clone());
    Ok(render.then(move |text: Result<Vec<u8>, Error>| {
        includes.leave(&left);
        Ok(Value::String(text?.into()))
    }))
}

fn tpl(call: &Call<'_>, text: &Str, data: &Value) -> Result<Render, CallError> {
    // A text of nothing but definitions must not leave the text of a `tpl` around it in force.
    let mut templates = call.templates().clone().without(SET_NAME);
    let shown = quoted(text.as_bytes());
    let failed = |error| CallError::within(format!("cannot parse template {shown}: "), error);
    templates.parse(SET_NAME, text.as_bytes()).map_err(failed)?;
    Ok(Render::new(templates, SET_NAME, data.clone()).then(move |text: Result<Vec<u8>, Error>| match text {
        Ok(text) => Ok(Value::String(bytes::without(&text, NO_VALUE).into())),
        Err(error) => {
            Err(CallError::within(format!("error during tpl function execution for {shown}: "), error))
        }
    }))
}

fn quoted(text: &[u8]) -> String {
    String::from_utf8_lossy(&format::quote(text)).into_owned()
}
