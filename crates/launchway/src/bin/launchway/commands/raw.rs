//! `launchway raw`: the bare wire, one message a line.

use std::io::{self, BufRead};
use std::time::Duration;

use bytes::BytesMut;
use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE, encode_frame};
use launcher_api::request::Bootstrap;
use launcher_api::{API_VERSION, Request, RequestBody, RequestId};
use launchway::{Asked, ClientError, Gone, PluginProcess};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::context::Context;
use crate::exit::{self, Ended};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::options::PluginArgs;
use crate::printer::Printer;

/// Lines of standard input that are read ahead.
const READ_AHEAD: usize = 16;

/// Exchange messages with the plugin: JSON lines on standard input go to it, its messages come as JSON lines
///
/// Nothing is added and nothing is left out: ids, Bootstrap and heartbeats are yours to send. The plugin is started with
/// --heartbeat-interval-seconds=0 unless its arguments say otherwise. At the end of standard input its input is closed,
/// once it was quiet for --wait seconds.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo '{\"messageType\":9,\"requestId\":1,\"username\":\"*\"}' | launchway raw --bootstrap | jq .
  launchway raw < session.jsonl > answers.jsonl")]
pub(crate) struct Raw {
    /// Send Bootstrap first
    #[arg(long)]
    bootstrap: bool,
    /// Seconds of quiet after the end of standard input before the plugin's input is closed
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    wait: f64,
    #[command(flatten)]
    plugin: PluginArgs,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if Duration::try_from_secs_f64(seconds).is_ok() => Ok(seconds),
        _ => Err("write a number of seconds such as 1 or 0.5".to_owned()),
    }
}

impl Raw {
    pub(crate) async fn execute(self, context: &Context) -> Result<Ended, Failure> {
        let printer = &context.printer;
        let command = context.options.plugin(&self.plugin, printer)?.heartbeat(None);
        let (mut process, stdin, stdout) = PluginProcess::start(&command)?;
        let quiet = Duration::try_from_secs_f64(self.wait).unwrap_or(Duration::MAX);
        let result = self.exchange(stdin, stdout, quiet, printer).await;
        let exit = process.end().await?;
        if result.is_ok() && !exit.is_clean() {
            printer.warning(&format!("the plugin {exit}"));
        }
        result.map(|()| Ended(exit::DONE))
    }

    /// Both ways at once, until standard input and then the plugin's output have ended. Closes the plugin's input.
    async fn exchange(
        &self,
        stdin: ChildStdin,
        stdout: ChildStdout,
        quiet: Duration,
        printer: &Printer,
    ) -> Result<(), Failure> {
        let mut interrupts = Interrupts::listen()?;
        let mut messages = Messages::new(stdout);
        let mut lines = read_lines();
        let mut plugin = Some(stdin);
        if let (Some(plugin), true) = (&mut plugin, self.bootstrap) {
            let body = RequestBody::Bootstrap(Bootstrap { version: API_VERSION });
            send(plugin, &Request { id: RequestId(0), body }.to_json()).await?;
        }
        let mut more_lines = true;
        loop {
            tokio::select! {
                line = lines.recv(), if more_lines => match line {
                    Some(line) => if let Some(plugin) = &mut plugin { send(plugin, &line?).await? },
                    None => more_lines = false,
                },
                message = timeout(quiet, messages.next()) => match message {
                    Ok(Some(message)) => printer.line(&message?)?,
                    Ok(None) => return Ok(()),
                    Err(_) if !more_lines => plugin = None,
                    Err(_) => {}
                },
                () = interrupts.next() => return Ok(()),
            }
        }
    }
}

/// Reads standard input on a thread of its own: a read of a terminal cannot be given up.
fn read_lines() -> mpsc::Receiver<Result<Vec<u8>, Failure>> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || {
        for (number, line) in io::stdin().lock().split(b'\n').enumerate() {
            let line = line.map_err(|source| Failure::System { doing: "read standard input", source });
            let checked = line.and_then(|line| check(line, number + 1));
            let Some(checked) = checked.transpose() else { continue };
            // An error is the exchange's end, which nobody reads on.
            if sender.blocking_send(checked).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The line if it is a JSON object, nothing if it is blank.
fn check(line: Vec<u8>, number: usize) -> Result<Option<Vec<u8>>, Failure> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    match serde_json::from_slice::<serde_json::Map<String, Value>>(&line) {
        Ok(_) => Ok(Some(line)),
        Err(source) => Err(Failure::RawLine { line: number, source }),
    }
}

async fn send(plugin: &mut ChildStdin, payload: &[u8]) -> Result<(), Failure> {
    let what = Asked::Message;
    let frame =
        encode_frame(payload, MAX_MESSAGE_SIZE).map_err(|source| ClientError::TooLarge { what, source })?;
    plugin.write_all(&frame).await.map_err(|error| gone(Gone::Write(error.into())))
}

fn gone(why: Gone) -> Failure {
    Failure::Client(ClientError::Gone { what: Asked::Message, why })
}

/// The plugin's messages as lines.
struct Messages {
    stdout: ChildStdout,
    buffer: BytesMut,
    decoder: FrameDecoder,
}

impl Messages {
    fn new(stdout: ChildStdout) -> Self {
        Self { stdout, buffer: BytesMut::new(), decoder: FrameDecoder::new(MAX_MESSAGE_SIZE) }
    }

    /// The next message; `None` at the end. Nothing is lost if the future is dropped.
    async fn next(&mut self) -> Option<Result<String, Failure>> {
        loop {
            match self.decoder.next_frame() {
                Ok(Some(payload)) => return Some(Ok(one_line(&payload))),
                Ok(None) => {}
                Err(error) => return Some(Err(gone(Gone::BadFrame(error.into())))),
            }
            self.buffer.clear();
            match self.stdout.read_buf(&mut self.buffer).await {
                Ok(0) => {
                    let end = self.decoder.finish();
                    return end.err().map(|error| Err(gone(Gone::BadFrame(error.into()))));
                }
                Ok(_) => self.decoder.push(&self.buffer),
                Err(error) => return Some(Err(gone(Gone::Read(error.into())))),
            }
        }
    }
}

/// A message as it is if it stands on one line; JSON over several lines is joined, anything else is quoted.
fn one_line(payload: &[u8]) -> String {
    match (std::str::from_utf8(payload), serde_json::from_slice::<Value>(payload)) {
        (Ok(text), Ok(_)) if !text.contains(['\n', '\r']) => text.to_owned(),
        (_, Ok(value)) => value.to_string(),
        (_, Err(_)) => json!({"unreadable": String::from_utf8_lossy(payload)}).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_whatever_it_holds() {
        assert_eq!(one_line(b"{\"a\":  1.0}"), "{\"a\":  1.0}");
        assert_eq!(one_line(b"{\n  \"a\": 1\n}"), "{\"a\":1}");
        assert_eq!(one_line(b"no\njson"), r#"{"unreadable":"no\njson"}"#);
    }

    #[test]
    fn only_json_objects_are_sent_and_blank_lines_are_passed_over() {
        assert!(check(b"  \r".to_vec(), 1).unwrap().is_none());
        assert_eq!(check(b"{\"a\": 1}".to_vec(), 1).unwrap().as_deref(), Some(&b"{\"a\": 1}"[..]));
        assert!(matches!(check(b"[1]".to_vec(), 7), Err(Failure::RawLine { line: 7, .. })));
    }
}
