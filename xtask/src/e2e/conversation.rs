//! A plugin as a process, spoken to in JSON as it stands on the wire: no type of ours is between the test and it.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE, encode_frame};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::watch;

use super::heard::Heard;
use crate::failure::Failure;

/// What a plugin has said, and news of more.
#[derive(Clone)]
pub(crate) struct Listener {
    heard: Arc<Mutex<Heard>>,
    news: watch::Sender<u64>,
}

impl Listener {
    fn new() -> Self {
        Listener { heard: Arc::default(), news: watch::Sender::new(0) }
    }

    /// What was heard so far; hold it only to look.
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard());
        self.news.send_modify(|count| *count += 1);
    }

    /// Waits until `look` finds what it looks for, or the time is over, or the plugin has ended.
    ///
    /// # Errors
    /// The time is over, or no more can come; tells what `expected` was.
    pub(crate) async fn until<T>(
        &self,
        within: Duration,
        expected: &str,
        mut look: impl FnMut(&mut Heard) -> Option<T>,
    ) -> Result<T, Failure> {
        let mut news = self.news.subscribe();
        let search = async {
            loop {
                news.borrow_and_update();
                let ended = {
                    let mut heard = self.heard();
                    if let Some(found) = look(&mut heard) {
                        return Ok(found);
                    }
                    heard.ended
                };
                if ended {
                    return Err(Failure::new(format!("{expected}: the plugin's output ended first")));
                }
                if news.changed().await.is_err() {
                    return Err(Failure::new(format!("{expected}: nothing more can come")));
                }
            }
        };
        tokio::time::timeout(within, search)
            .await
            .unwrap_or_else(|_| Err(Failure::new(format!("{expected}: not within {} s", within.as_secs()))))
    }
}

/// A running plugin.
pub(crate) struct Conversation {
    child: Option<Child>,
    stdin: Option<ChildStdin>,
    listener: Listener,
    next_id: u64,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Conversation {
    /// Starts a plugin; says nothing to it yet.
    ///
    /// # Errors
    /// The program can't be started.
    pub(crate) fn start(program: &Path, flags: &[String], stderr: Stdio) -> Result<Self, Failure> {
        let doing = || format!("starting {}", program.display());
        let mut child = Command::new(program)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Failure::during(doing(), e))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::during(doing(), "it has no pipes"));
        };
        let listener = Listener::new();
        tokio::spawn(listen(stdout, listener.clone()));
        Ok(Conversation { child: Some(child), stdin: Some(stdin), listener, next_id: 1000 })
    }

    /// Sends Bootstrap and waits for its answer.
    ///
    /// # Errors
    /// No answer, or an Error.
    pub(crate) async fn bootstrap(&mut self) -> Result<(), Failure> {
        self.listener.change(|heard| {
            heard.awaited.insert(0);
        });
        let version = json!({"major": 3, "minor": 7, "patch": 0});
        self.send(&json!({"messageType": 1, "requestId": 0, "version": version})).await?;
        let answer = self.answer(0).await?;
        match answer["messageType"].as_i64() {
            Some(1) => Ok(()),
            _ => Err(Failure::new(format!("bootstrap was answered with {answer}"))),
        }
    }

    /// What was heard, and news.
    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }

    fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Sends a request and waits for its one answer.
    ///
    /// # Errors
    /// The plugin is gone or does not answer.
    pub(crate) async fn ask(&mut self, mut request: Value) -> Result<Value, Failure> {
        let id = self.fresh_id();
        request["requestId"] = id.into();
        self.listener.change(|heard| {
            heard.awaited.insert(id);
        });
        self.send(&request).await?;
        self.answer(id).await
    }

    async fn answer(&self, id: u64) -> Result<Value, Failure> {
        self.listener.until(PATIENCE, "an answer", |heard| heard.answers.remove(&id)).await
    }

    /// Opens a stream; what it brings is found in the listener under the returned id.
    ///
    /// # Errors
    /// The plugin is gone.
    pub(crate) async fn open(&mut self, mut request: Value) -> Result<u64, Failure> {
        let id = self.fresh_id();
        request["requestId"] = id.into();
        request["cancel"] = false.into();
        self.listener.change(|heard| heard.expect_stream(id));
        self.send(&request).await?;
        Ok(id)
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// The plugin is gone.
    pub(crate) async fn send(&mut self, message: &Value) -> Result<(), Failure> {
        let frame = encode_frame(message.to_string().as_bytes(), MAX_MESSAGE_SIZE)
            .map_err(|e| Failure::during("writing a frame", e))?;
        self.send_bytes(&frame).await
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// The plugin is gone.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let Some(stdin) = &mut self.stdin else {
            return Err(Failure::new("the plugin's input is closed"));
        };
        let write = async {
            stdin.write_all(bytes).await?;
            stdin.flush().await
        };
        write.await.map_err(|e| Failure::during("writing to the plugin", e))
    }

    /// The process id, while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Closes the plugin's input and waits for its end.
    ///
    /// # Errors
    /// It does not end in 30 s.
    pub(crate) async fn end_input(&mut self) -> Result<Option<i32>, Failure> {
        drop(self.stdin.take());
        self.ended().await
    }

    /// Ends the plugin at once (SIGKILL).
    ///
    /// # Errors
    /// It can't be killed.
    pub(crate) async fn kill(&mut self) -> Result<(), Failure> {
        if let Some(child) = &mut self.child {
            child.kill().await.map_err(|e| Failure::during("killing the plugin", e))?;
        }
        self.child = None;
        Ok(())
    }

    /// Waits for the end of the process.
    ///
    /// # Errors
    /// It does not end in 30 s.
    pub(crate) async fn ended(&mut self) -> Result<Option<i32>, Failure> {
        let Some(mut child) = self.child.take() else { return Ok(None) };
        let status = tokio::time::timeout(PATIENCE, child.wait())
            .await
            .map_err(|_| Failure::new("the plugin did not end within 30 s"))?
            .map_err(|e| Failure::during("waiting for the plugin's end", e))?;
        Ok(status.code())
    }
}

/// Reads frames until the output ends.
async fn listen(mut stdout: ChildStdout, listener: Listener) {
    let mut decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match stdout.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => count,
        };
        decoder.push(&buffer[..count]);
        loop {
            match decoder.next_frame() {
                Ok(Some(payload)) => listener.change(|heard| match serde_json::from_slice(&payload) {
                    Ok(frame) => heard.take(frame),
                    Err(e) => heard.faults.push(format!("a frame is no JSON: {e}")),
                }),
                Ok(None) => break,
                Err(e) => return listener.change(|heard| heard.faults.push(e.to_string())),
            }
        }
    }
    listener.change(|heard| {
        if let Err(e) = decoder.finish() {
            heard.faults.push(e.to_string());
        }
        heard.ended = true;
    });
}
