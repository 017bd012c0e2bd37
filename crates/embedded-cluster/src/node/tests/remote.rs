//! Attach and exec.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::harness::{Cluster, MAIN, main_state, read_all, whole_log};
use crate::node::{AttachQuery, ExecQuery, RemoteIo, RemoteOutcome, StreamRefusal, Streams as _};
use crate::store::Object;

fn all_streams() -> AttachQuery {
    AttachQuery { container: MAIN.to_owned(), stdin: true, stdout: true, stderr: true, tty: false }
}

async fn attach(cluster: &Cluster, pod: &Arc<Object>, query: AttachQuery) -> RemoteIo {
    cluster.node.attach(pod.clone(), query).await.expect("a running container")
}

async fn with_input(cluster: &Cluster, name: &str, script: &str, once: bool) -> Arc<Object> {
    cluster.pod_with(name, script, |spec| {
        spec["containers"][0]["stdin"] = json!(true);
        spec["containers"][0]["stdinOnce"] = json!(once);
    });
    cluster.running(name).await
}

#[tokio::test]
async fn what_is_written_to_an_attachment_is_the_standard_input_and_its_end_is_the_end() {
    let cluster = Cluster::start();
    let pod = with_input(&cluster, "cat", "cat; echo over >&2; exit 4", true).await;
    let mut io = attach(&cluster, &pod, all_streams()).await;
    let stdin = io.stdin.take().expect("an input");
    let line = Bytes::from("0123456789abcdef\n".repeat(4096));
    let writer = tokio::spawn(async move {
        for _ in 0..32 {
            stdin.send(line.clone()).await.expect("it reads");
        }
    });
    let (text, outcome) = read_all(io).await;
    writer.await.expect("all is written");
    assert_eq!(text.len(), 32 * 4096 * 17 + "over\n".len());
    assert_eq!(outcome, RemoteOutcome::Success, "attach does not tell the exit code");
    assert_eq!(cluster.terminated("cat").await["exitCode"], 4);
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_second_attachment_to_an_input_that_was_closed_ends_at_once() {
    let cluster = Cluster::start();
    let pod = with_input(&cluster, "once", "cat; echo closed; sleep 1000", true).await;
    let mut io = attach(&cluster, &pod, all_streams()).await;
    drop(io.stdin.take());
    let mut stdout = io.stdout.take().expect("an output");
    assert_eq!(stdout.recv().await, Some(Bytes::from("closed\n")), "the output goes on");
    let again = attach(&cluster, &pod, AttachQuery { stdout: false, stderr: false, ..all_streams() }).await;
    assert_eq!(again.outcome.await, Ok(RemoteOutcome::Success));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_input_that_is_not_for_once_outlives_an_attachment() {
    let cluster = Cluster::start();
    let pod = with_input(&cluster, "lines", "read a; read b; echo $a $b", false).await;
    for line in ["one\n", "two\n"] {
        let mut io =
            attach(&cluster, &pod, AttachQuery { stdout: false, stderr: false, ..all_streams() }).await;
        let stdin = io.stdin.take().expect("an input");
        stdin.send(Bytes::from(line)).await.expect("it reads");
        drop(stdin);
        assert_eq!(io.outcome.await, Ok(RemoteOutcome::Success));
    }
    cluster.job_condition("lines", "Complete").await;
    assert_eq!(cluster.log(&pod, whole_log()).await, Ok("one two\n".to_owned()));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn input_to_a_container_without_one_vanishes() {
    let cluster = Cluster::start();
    cluster.job("deaf", "cat; sleep 1000");
    let pod = cluster.running("deaf").await;
    let mut io = attach(&cluster, &pod, all_streams()).await;
    let stdin = io.stdin.take().expect("an input");
    for _ in 0..100 {
        stdin.send(Bytes::from("nothing")).await.expect("it vanishes");
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_process_that_does_not_read_holds_the_writer_back() {
    let cluster = Cluster::start();
    let pod = with_input(&cluster, "stuck", "sleep 1000", true).await;
    let mut io = attach(&cluster, &pod, all_streams()).await;
    let stdin = io.stdin.take().expect("an input");
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let mut taken = 0;
    while tokio::time::timeout(Duration::from_millis(300), stdin.send(piece.clone())).await.is_ok() {
        taken += piece.len();
        assert!(taken < 4 * 1024 * 1024, "a queue without an end");
    }
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_ended_container_can_be_neither_attached_to_nor_exec_ed_in() {
    let cluster = Cluster::start();
    cluster.job("over", "true");
    let pod = cluster.pod("over", "ended", |pod| main_state(pod)["terminated"].is_object()).await;
    let refused = cluster.node.attach(pod.clone(), all_streams()).await.expect_err("it is over");
    let text = format!("container main not found in pod {}_rstudio", pod.name());
    assert_eq!(refused, StreamRefusal::Text { code: 500, text });
    let query = ExecQuery { streams: all_streams(), command: vec!["true".to_owned()] };
    let refused = cluster.node.exec(pod, query).await.expect_err("it is over");
    assert_eq!(refused, StreamRefusal::Text { code: 500, text: "container not found (\"main\")".to_owned() });
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_exec_ed_command_shares_the_containers_environment_and_tells_its_exit_code() {
    let cluster = Cluster::start();
    cluster.pod_with("host", "echo $PPID > parent; sleep 1000", |spec| {
        spec["containers"][0]["env"] = json!([{"name": "WORD", "value": "hush"}]);
    });
    let pod = cluster.running("host").await;
    let (text, outcome) = cluster.exec(&pod, &["sh", "-c", "echo $WORD; echo oops >&2; exit 5"]).await;
    assert_eq!((text.as_str(), outcome), ("hush\noops\n", RemoteOutcome::ExitCode(5)));
    let (_, outcome) = cluster.exec(&pod, &["sh", "-c", "kill -KILL $$"]).await;
    assert_eq!(outcome, RemoteOutcome::ExitCode(137));
    let (_, outcome) = cluster.exec(&pod, &["nosuchcmd"]).await;
    let RemoteOutcome::NotStarted(why) = outcome else { panic!("{outcome:?}") };
    assert!(why.ends_with(
        "unable to start container process: exec: \"nosuchcmd\": executable file not found in $PATH"
    ));
    let (_, outcome) = cluster.exec(&pod, &[]).await;
    let RemoteOutcome::NotStarted(why) = outcome else { panic!("{outcome:?}") };
    assert!(why.ends_with("OCI runtime exec failed: exec failed: args must not be empty"), "{why}");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_exec_ed_command_reads_its_input_to_the_end() {
    let cluster = Cluster::start();
    cluster.job("host", "sleep 1000");
    let pod = cluster.running("host").await;
    let command = ["sh", "-c", "wc -c"].map(str::to_owned).to_vec();
    let mut io =
        cluster.node.exec(pod, ExecQuery { streams: all_streams(), command }).await.expect("it runs");
    let stdin = io.stdin.take().expect("an input");
    tokio::spawn(async move {
        for _ in 0..64 {
            stdin.send(Bytes::from(vec![0; 64 * 1024])).await.expect("it reads");
        }
    });
    let (text, outcome) = read_all(io).await;
    assert_eq!((text.trim(), outcome), ("4194304", RemoteOutcome::Success));
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn a_command_ends_with_137_when_its_container_ends() {
    let cluster = Cluster::start();
    cluster.job("host", "while [ ! -e stop ]; do sleep 0.02; done");
    let pod = cluster.running("host").await;
    let (_, outcome) = cluster.exec(&pod, &["sh", "-c", "touch stop; sleep 1000"]).await;
    assert_eq!(outcome, RemoteOutcome::ExitCode(137));
    assert_eq!(cluster.terminated("host").await["exitCode"], 0);
    cluster.node.shutdown().await;
}

/// The rule that [`crate::node::exec`] gives, in the words of a shell.
const SIGNAL: &str = r#"
for d in /proc/[0-9]*; do
  p=${d#/proc/}
  e=$({ tr '\0' '\n' <"$d/environ"; } 2>/dev/null) || continue
  case "
$e
" in *"
HOSTNAME=$2
"*) ;; *) continue ;; esac
  case "
$e
" in *"
CONTAINER_NAME=$3
"*) ;; *) continue ;; esac
  s=$(sed 's/.*) //' "$d/stat" 2>/dev/null | cut -d' ' -f4)
  [ "$s" = "$p" ] && echo "$p" && kill "-$1" "$p"
done
exit 0
"#;

#[tokio::test]
async fn a_script_finds_the_main_process_by_its_environment_and_signals_it() {
    let cluster = Cluster::start();
    cluster.pod_with("target", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done", |spec| {
        let list = spec["containers"].as_array_mut().expect("containers");
        list.push(json!({"name": "other", "image": "busybox:local", "command": ["sh", "-c", "sleep 1000"]}));
    });
    let pod = cluster.pod("target", "both run", |pod| {
        let statuses = pod["status"]["containerStatuses"].as_array();
        statuses.is_some_and(|all| all.iter().all(|one| one["state"]["running"].is_object()))
    });
    let pod = pod.await;
    while cluster.log(&pod, whole_log()).await != Ok("ready\n".to_owned()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The script itself may be killed with the rest of the container before it ends.
    let (text, _) = cluster.exec(&pod, &["sh", "-c", SIGNAL, "sh", "TERM", pod.name(), MAIN]).await;
    assert_eq!(text.lines().count(), 1, "exactly one process: {text}");
    assert_eq!(cluster.terminated("target").await["exitCode"], 9);
    let pod = cluster.pod("target", "one has ended", |pod| main_state(pod)["terminated"].is_object()).await;
    assert_eq!(pod.value()["status"]["phase"], "Running", "the other one was not touched");
    cluster.node.shutdown().await;
}

#[tokio::test]
async fn an_image_without_a_shell_runs_its_own_program_only() {
    let cluster = Cluster::start();
    cluster.job_with("bare", |job| {
        let container = &mut job["spec"]["template"]["spec"]["containers"][0];
        container["image"] = json!("embedded:bare");
        container["command"] = json!(["/bare"]);
        container["args"] = json!(["handle", "600"]);
    });
    let pod = cluster.running("bare").await;
    let (text, outcome) = cluster.exec(&pod, &["/bare", "print", "a", "b"]).await;
    assert_eq!((text.as_str(), outcome), ("a b\n", RemoteOutcome::Success));
    let (_, outcome) = cluster.exec(&pod, &["sh", "-c", "true"]).await;
    let RemoteOutcome::NotStarted(why) = outcome else { panic!("{outcome:?}") };
    assert!(why.ends_with("exec: \"sh\": executable file not found in $PATH"), "{why}");
    cluster.node.shutdown().await;
}
