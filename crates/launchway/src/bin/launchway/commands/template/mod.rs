//! `launchway template`: templates rendered here, as the plugin and Helm render them.

mod assignment;
mod batch;
mod data;
mod rendering;
mod sources;
mod watch;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use helm_template::Mode;

use self::assignment::Assignments;
pub(crate) use self::assignment::UnfitError;
use self::data::DataArgument;
use self::rendering::Rendering;
use crate::context::Context;
use crate::exit::Ended;
use crate::failure::Failure;

/// Render templates with data of your own
///
/// PATH is a template, or a folder whose files that end with .tpl form one set: all may use what each defines. The
/// language is Go's text/template with the functions of Sprig and Helm, to the byte. No plugin and no cluster is needed;
/// `exec` in a template does run programs here.
///
/// What cannot be rendered is shown with its line, and nothing is written. With --json there is one JSON object, with
/// `output` (also what was written before an error) and `error` in Go's words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  # job.tpl of a folder, with data from a file
  launchway template templates/ --data job.yaml

  # One file, with values set on the command line; missing keys are errors
  launchway template job.tpl --data - --set limits.cpu=2,'tags={a,b}' --mode strict < job.json

  # Again whenever a file changes
  launchway template templates/ --name service.tpl --data job.yaml --watch

  # Many at once, one JSON object a line: template, files, data, mode, name, numbers
  echo '{\"template\": \"{{ .a | upper }}\", \"data\": {\"a\": \"x\"}}' | launchway template --batch

Values of --set are true, false, null, whole numbers, lists ({a,b} or []) and text. Keys are
joined by dots, items of lists are a[0]. A backslash takes the meaning of a comma, a dot, a
bracket or a brace away.

Modes: what functions there are, and what a missing key gives
  helm        all; nothing (default)
  strict      all; an error
  go          all; <no value>
  sprig       Sprig's alone; <no value>
  bare        Go's alone; <no value>
  barestrict  Go's alone; an error

Exit codes: 0 rendered, 1 not, 2 the command line is wrong")]
pub(crate) struct Template {
    /// A template, or a folder whose *.tpl form one set
    #[arg(required_unless_present = "batch", value_hint = clap::ValueHint::AnyPath)]
    path: Option<PathBuf>,
    /// The data, as YAML or JSON; '-' reads standard input; without it there is an empty map
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    data: Option<DataArgument>,
    /// The template to render: a file of the folder, or one that is defined in a file. Without it the file PATH, or
    /// job.tpl of the folder
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Set values of the data, as Helm's --set does: a.b=c,d[0]=1; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<Assignments>,
    /// What functions there are, and what a missing key gives
    #[arg(long, default_value_t = Mode::default(), value_parser = modes(), hide_possible_values = true)]
    mode: Mode,
    /// Render again whenever a file of the set or the data changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Answer requests from standard input, a JSON object a line
    #[arg(long, conflicts_with_all = ["path", "data", "name", "set", "mode", "watch"])]
    batch: bool,
}

fn modes() -> impl TypedValueParser<Value = Mode> {
    PossibleValuesParser::new(Mode::ALL.map(Mode::name)).try_map(|name| name.parse::<Mode>())
}

impl Template {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        let Some(path) = self.path else {
            return batch::answer_lines(printer);
        };
        let rendering = Rendering {
            path,
            name: self.name,
            data: self.data.map(DataArgument::open).transpose()?,
            assignments: self.set,
            mode: self.mode,
        };
        if self.watch { watch::watch(rendering, printer).await } else { rendering.render().show(printer) }
    }
}
