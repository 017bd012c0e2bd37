//! Renders a template file with data from a YAML file.
//!
//! ```text
//! cargo run -p helm-template --example render -- TEMPLATE [DATA]
//! ```

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use helm_template::data::{WholeNumbers, from_yaml};
use helm_template::{Templates, Value};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let template = arguments.next().ok_or("usage: render TEMPLATE [DATA]")?;
    let data = match arguments.next() {
        Some(file) => from_yaml(&std::fs::read(file)?, WholeNumbers::Int)?,
        None => Value::map::<&str, Value>([]),
    };
    let mut templates = Templates::new();
    templates.add(&template, std::fs::read(&template)?)?;
    let mut text = Vec::new();
    templates.render_into(&template, &data, &mut text)?;
    std::io::stdout().write_all(&text)?;
    Ok(())
}
