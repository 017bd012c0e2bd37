//! How the program starts and ends, without a cluster.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Output;

use nix::sys::signal::Signal;
use program::{Installation, Plugin, await_condition, command, is_root, process_status};

/// The account that every system has, and that owns nothing.
const NOBODY: &str = "nobody";

fn run(flags: &[&str]) -> Output {
    command().args(flags).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn help_and_version_are_printed_and_that_is_all() {
    for (flag, begin) in [("--help", "Runs the jobs"), ("--version", "rstudio-kubernetes-launcher 0.")] {
        let output = run(&[flag, "--fetch-limit=nonsense"]);
        assert!(output.status.success());
        assert!(text(&output.stdout).starts_with(begin), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn mistakes_are_told_on_stderr_with_exit_code_1_and_nothing_on_stdout() {
    let output = run(&["--fetch-limit=many", "--api-url=host"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    insta::assert_snapshot!(text(&output.stderr), @r"
    error: command line: wrong value 'host' for 'api-url': an address begins with https:// or http://, as in 'https://host'
    error: command line: wrong value 'many' for 'fetch-limit': use a whole number from 1 to 4294967295
      help: or remove it for the default, '500'
    error: neither 'auth-token-path' nor 'auth-token' is set
      help: write the token of the job-launcher service account to a file that only the server-user can read, and set auth-token-path to it in '/nonexistent/launcher.kubernetes.conf'
    ");
}

#[test]
fn a_profile_is_printed_whatever_the_rest_of_the_configuration_says_and_mistakes_give_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profiles.conf");
    let show = |content: &str| {
        fs::write(&file, content).unwrap();
        run(&[&format!("--profile-config={}", file.display()), "--fetch-limit=1", "--show-profile", "ada"])
    };
    let good = show("[*]\nmax-cpus=2\n[ada]\nmax-cpus=3\n");
    assert_eq!((good.status.code(), text(&good.stderr)), (Some(0), ""));
    let printed = text(&good.stdout);
    assert!(printed.contains(&format!("{}:4  max-cpus                = 3\n", file.display())), "{printed}");
    assert_eq!(printed.lines().count(), 17, "{printed}");

    let bad = show("[*]\nmax-cpu=2\n");
    assert_eq!((bad.status.code(), text(&bad.stdout)), (Some(1), ""));
    assert!(text(&bad.stderr).contains("profiles.conf:2: unknown key 'max-cpu'"), "{bad:?}");
}

#[test]
fn the_end_of_stdin_ends_the_program_with_exit_code_0() {
    let installation = Installation::without_cluster("");
    let mut plugin = installation.start(&[]);
    plugin.close_input();
    let end = plugin.end();
    assert_eq!((end.status.code(), end.rubbish.as_str(), end.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn the_signals_term_and_int_end_the_program_with_exit_code_0() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let installation = Installation::without_cluster("log-level=INFO");
        let mut plugin = installation.start(&[]);
        plugin.await_stderr("the plugin starts");
        plugin.signal(signal);
        let end = plugin.end();
        assert_eq!((end.status.code(), end.rubbish.as_str()), (Some(0), ""), "{signal}: {}", end.stderr);
    }
}

#[test]
fn the_signal_hup_reads_the_profiles_again_and_a_wrong_file_changes_nothing() {
    let installation = Installation::without_cluster("log-level=INFO");
    let mut plugin = installation.start(&[]);
    plugin.await_stderr("the plugin starts");
    plugin.signal(Signal::SIGHUP);
    plugin.await_stderr("profiles and templates were read again");
    installation.write("launcher.kubernetes.profiles.conf", "[*]\nmax-cpu=2\n");
    plugin.signal(Signal::SIGHUP);
    let stderr = plugin.await_stderr("max-cpus");
    let line = stderr.lines().find(|line| line.contains("ERROR")).unwrap();
    let (_time, message) = line.split_once(' ').unwrap();
    insta::assert_snapshot!(installation.named(message), @"[rstudio-kubernetes-launcher] ERROR profiles and templates stay as they were: [DIR]/launcher.kubernetes.profiles.conf:2: unknown key 'max-cpu' (did you mean 'max-cpus'?)");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
}

#[test]
fn a_log_file_gets_every_line_with_mode_0600() {
    let installation = Installation::without_cluster("log-level=INFO\nplugin-name=night batch");
    let log = installation.path("log");
    let mut plugin = installation.start(&["--logging-dir", log.to_str().unwrap()]);
    plugin.close_input();
    let end = plugin.end();
    let file = log.join("rstudio-kubernetes-launcher-night%20batch.log");
    let content = fs::read_to_string(&file).unwrap();
    assert!(content.contains("INFO the plugin starts"), "{content}");
    assert_eq!(content, end.stderr);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_log_that_cannot_be_opened_is_told_and_the_program_goes_on() {
    let installation = Installation::without_cluster("log-level=INFO");
    installation.write("log", "a file in place of the directory");
    let log = installation.path("log");
    let mut plugin = installation.start(&["--logging-dir", log.to_str().unwrap()]);
    let stderr = plugin.await_stderr("the plugin starts");
    assert!(stderr.contains("cannot open the log file"), "{stderr}");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
}

#[test]
fn a_secret_never_reaches_the_log() {
    let installation = Installation::without_cluster("");
    let mut plugin = Plugin::start(command().args([
        "--unprivileged",
        "--api-url=https://127.0.0.1:9",
        "--auth-token=s3cr3t-t0k3n",
        "--enable-debug-logging",
        &format!("--scratch-path={}", installation.path("scratch").display()),
    ]));
    plugin.close_input();
    let end = plugin.end();
    assert!(end.stderr.contains("option auth-token=••••••"), "{}", end.stderr);
    assert!(!end.stderr.contains("s3cr3t"), "{}", end.stderr);
}

#[test]
fn a_token_file_that_the_user_cannot_read_is_told_with_what_to_do() {
    let installation = Installation::without_cluster("server-user=nobody");
    let mut command = installation.command();
    if !nix::unistd::geteuid().is_root() {
        fs::set_permissions(installation.path("token"), fs::Permissions::from_mode(0o000)).unwrap();
    }
    command.arg(format!("--logging-dir={}", installation.path("log").display()));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let me = nix::unistd::User::from_uid(nix::unistd::geteuid()).unwrap().unwrap().name;
    let user = if me == "root" { NOBODY } else { &me };
    let stderr = installation.named(text(&output.stderr)).replace(user, "[USER]");
    let error = &stderr[stderr.find("error:").unwrap()..];
    insta::assert_snapshot!(error, @r"
    error: [DIR]/launcher.kubernetes.conf:2: '[USER]' cannot read the token file '[DIR]/token': Permission denied (os error 13)
      help: chown [USER] [DIR]/token && chmod 0600 [DIR]/token
    ");
}

#[test]
fn a_token_file_that_others_can_read_is_refused() {
    let installation = Installation::without_cluster("");
    fs::set_permissions(installation.path("token"), fs::Permissions::from_mode(0o644)).unwrap();
    let end = installation.start(&[]).end();
    assert_eq!(end.status.code(), Some(1));
    insta::assert_snapshot!(installation.named(&end.stderr), @r"
    error: [DIR]/launcher.kubernetes.conf:2: others than its owner can read or change the token file '[DIR]/token' (mode 0644)
      help: chmod 0600 [DIR]/token
    ");
}

#[test]
fn root_becomes_the_server_user_for_good_and_gives_it_the_folders() {
    if !is_root("becoming another user") {
        return;
    }
    let installation = Installation::without_cluster("server-user=nobody\nlog-level=INFO");
    let nobody = nix::unistd::User::from_name(NOBODY).unwrap().unwrap();
    let (uid, gid) = (nobody.uid.as_raw(), nobody.gid.as_raw());
    std::os::unix::fs::chown(installation.path("token"), Some(uid), Some(gid)).unwrap();
    let log = installation.path("log");
    let mut command = installation.command();
    let mut plugin = Plugin::start(command.arg(format!("--logging-dir={}", log.display())));
    let file = log.join("rstudio-kubernetes-launcher.log");
    // The program answers nothing before Bootstrap: its log tells that it runs.
    await_condition("a line in the log", || {
        fs::read_to_string(&file).is_ok_and(|content| content.contains("the plugin starts"))
    });
    assert_eq!(process_status(plugin.pid(), "Uid"), [uid; 4]);
    assert_eq!(process_status(plugin.pid(), "Gid"), [gid; 4]);
    assert!(!process_status(plugin.pid(), "Groups").contains(&0));
    // What can't be dumped belongs to root in /proc: nobody's other processes can't look into it either.
    let memory = fs::metadata(format!("/proc/{}/mem", plugin.pid())).unwrap();
    assert_eq!(memory.uid(), 0, "a core of it would hold the token");
    for path in [installation.path("scratch"), log, file] {
        let metadata = path.metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (uid, gid), "{}", path.display());
    }
    plugin.close_input();
    let end = plugin.end();
    assert_eq!((end.status.code(), end.stderr.as_str()), (Some(0), ""));
}
