//! The side of `gotmpl`.

use gotmpl::{FuncMap, Template, Value};
use helm_template::Templates;
use std::sync::Arc;

use crate::{Action, Failure, Row, Work};

pub(crate) fn work(row: &Row) -> Result<Work, Failure> {
    let (files, name) = (row.files.clone(), row.name);
    let failed = |error: gotmpl::TemplateError| Failure::Peer(error.to_string());
    if row.action == Action::Parse {
        let functions = unable();
        let bound: Vec<Template> =
            files.iter().map(|(name, _)| Template::new(name).funcs(functions.clone())).collect();
        return Ok(Box::new(move |_| {
            for (template, (_, text)) in bound.iter().zip(&files) {
                template.clone().parse(text).map_err(failed)?;
            }
            Ok(())
        }));
    }
    let data = gotmpl::to_value(&row.data).map_err(failed)?;
    let text = files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text);
    let template = Template::new(name).parse(text).map_err(failed)?;
    Ok(Box::new(move |out| template.execute(out, &data).map_err(failed)))
}

/// Functions of all the names that templates here may use, so that the peer can parse them. None is called.
fn unable() -> FuncMap {
    let templates = Templates::new();
    let names = templates.engine().functions().names();
    let function = |_: &[Value]| Ok(Value::Nil);
    names.map(|name| (name.to_string(), Arc::new(function) as gotmpl::ValueFunc)).collect()
}
