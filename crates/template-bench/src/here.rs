//! The side of `helm-template`.

use helm_template::Templates;
use helm_template::data::{WholeNumbers, from_json};

use crate::{Action, Failure, Row, Work};

pub(crate) fn work(row: &Row) -> Result<Work, Failure> {
    let data = from_json(row.data.to_string().as_bytes(), WholeNumbers::Int)
        .map_err(|error| Failure::Data(error.to_string()))?;
    let (files, name) = (row.files.clone(), row.name);
    if row.action == Action::Start {
        return Ok(Box::new(move |out| {
            let templates = parsed(Templates::new(), &files)?;
            Ok(templates.render_into(name, &data, out)?)
        }));
    }
    let templates = parsed(Templates::new(), &files)?;
    if row.action == Action::Parse {
        return Ok(Box::new(move |_| parsed(templates.clone(), &files).map(drop)));
    }
    Ok(Box::new(move |out| Ok(templates.render_into(name, &data, out)?)))
}

fn parsed(mut templates: Templates, files: &[(&str, &str)]) -> Result<Templates, Failure> {
    for (name, text) in files {
        templates.add(name, text)?;
    }
    Ok(templates)
}
