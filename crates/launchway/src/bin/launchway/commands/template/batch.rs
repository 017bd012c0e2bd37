//! `--batch`: a request a line, an answer a line.

use std::io::{self, BufRead};

use helm_template::batch::Batch;

use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::printer::Printer;

/// Answers the lines of standard input until its end. Each answer is out before the next line is read.
pub(super) fn answer_lines(printer: &Printer) -> Result<Ended, Failure> {
    let batch = Batch::new();
    let mut lines = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line);
        if read.map_err(|source| Failure::System { doing: "read standard input", source })? == 0 {
            return Ok(Ended(exit::DONE));
        }
        let request = line.trim_ascii();
        if !request.is_empty() {
            printer.line(&batch.answer_line(request).to_json())?;
        }
    }
}
