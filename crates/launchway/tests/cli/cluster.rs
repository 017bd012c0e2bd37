//! The trial cluster in the foreground.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::desk::Desk;

#[test]
fn the_files_are_there_while_the_cluster_serves_and_are_private() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let desk = Desk::new();
        let line =
            "cluster --json --kubeconfig admin.yaml --launcher-token token --certificate-authority ca.pem";
        let mut child = desk.command(line).spawn().unwrap();
        let mut told = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut told).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        let url = told["url"].as_str().unwrap();
        TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();

        let files = ["admin.yaml", "token", "ca.pem"].map(|name| desk.path().join(name));
        for file in &files {
            let mode = std::fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
        let [kubeconfig, token, authority] =
            files.each_ref().map(|file| std::fs::read_to_string(file).unwrap());
        assert!(kubeconfig.contains(url), "{kubeconfig}");
        assert!(!token.is_empty() && !token.contains(char::is_whitespace), "{token:?}");
        assert!(authority.starts_with("-----BEGIN CERTIFICATE-----"), "{authority}");

        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
        let outcome = desk.outcome(&child.wait_with_output().unwrap());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        for file in &files {
            assert!(!file.exists(), "{} is still there", file.display());
        }
    }
}

#[test]
fn an_address_that_others_reach_is_refused_and_no_file_is_left() {
    let desk = Desk::new();
    let line = "cluster --kubeconfig admin.yaml --launcher-token token --listen 0.0.0.0:0";
    insta::assert_snapshot!(desk.run(line, "").transcript(line), @r"
    $ launchway cluster --kubeconfig admin.yaml --launcher-token token --listen 0.0.0.0:0
    --- standard error
    error: cannot start the embedded cluster on 0.0.0.0:0: it isolates nothing, so it only listens on loopback addresses (127.0.0.1 or ::1)
    --- exit code 1
    ");
    assert!(!desk.path().join("admin.yaml").exists());
}

#[test]
fn the_command_teaches_how_to_use_it() {
    let help = Desk::new().run("cluster --help", "").transcript("cluster --help");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("help_cluster", help);
    });
}
