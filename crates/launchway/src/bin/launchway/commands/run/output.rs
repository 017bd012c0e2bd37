//! A piece of a job's output on this program's own streams.

use std::io;

use launcher_api::response::OutputKind;
use launchway::OutputChunk;
use serde_json::json;

use crate::printer::{Format, Printer, Stream};

/// Standard error to standard error, all else to standard output; as JSON all to standard output.
pub(crate) fn print_output(printer: &Printer, chunk: &OutputChunk) -> io::Result<()> {
    match (printer.format(), chunk.kind) {
        (Format::Json, kind) => {
            printer.json_line(&json!({"event": "output", "outputType": kind, "output": chunk.text}))
        }
        (Format::Human, OutputKind::Stderr) => printer.output(Stream::Stderr, &chunk.text),
        (Format::Human, OutputKind::Stdout | OutputKind::Mixed) => {
            printer.output(Stream::Stdout, &chunk.text)
        }
    }
}
