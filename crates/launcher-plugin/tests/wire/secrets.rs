//! What never gets into a log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use launcher_api::JobStatus;
use launcher_plugin::{BackendError, JobUpdate};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{FakeBackend, begin, job, state};

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn environment_stdin_config_and_arguments_are_in_no_log_at_any_level() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let mut launcher = begin(FakeBackend::default()).bootstrapped().await;
    let secretive = json!({
        "name": "fit", "command": "true", "args": ["SECRET"], "stdin": "SECRET",
        "environment": [{"name": "TOKEN", "value": "SECRET"}],
        "config": [{"name": "secret", "valueType": "string", "value": "SECRET"}]
    });
    let submit = |id: u64| json!({"messageType": 2, "requestId": id, "username": "mara", "job": secretive});
    launcher.send(submit(1)).await;
    launcher.next().await;
    launcher.send(json!({"messageType": 3, "requestId": 2, "username": "*", "jobId": "*"})).await;
    launcher.next().await;
    launcher.send(json!({"messageType": 4, "requestId": 3, "username": "*", "jobId": "*"})).await;
    launcher.next().await;
    launcher.backend.becomes("id-of-fit", state(JobStatus::Running)).await;
    launcher.next().await;
    launcher.backend.tell(JobUpdate::Known(Box::new(job("id-of-fit", "mara", JobStatus::Finished)))).await;
    launcher.next().await;
    launcher.backend.on_submit.set(|_| async { Err(BackendError::InvalidJob("no".into())) });
    launcher.send(submit(4)).await;
    launcher.expect_error(4, 2).await;
    launcher.close();
    assert!(launcher.ended().await.is_ok());

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("job submitted") && log.contains("id-of-fit"), "the log is written: {log}");
    assert!(!log.contains("SECRET"), "{log}");
}
