//! What root may read and the server user may not, and real groups of real users. Both need root; without, they are skipped.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test program uses a part of it")]
mod program;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::process::Command;

use program::stage::{Stage, bootstrapped};
use program::{Installation, Plugin, is_root};
use serde_json::{Value, json};

/// Owns nothing, and becomes the server user.
const NOBODY: &str = "nobody";

/// Gives the token to the server user, as the plugin demands.
fn give_token(installation: &Installation) {
    let nobody = nix::unistd::User::from_name(NOBODY).unwrap().unwrap();
    chown(installation.path("token"), Some(nobody.uid.as_raw()), Some(nobody.gid.as_raw())).unwrap();
}

/// Writes a file that root alone may read.
fn write_for_root(installation: &Installation, name: &str, content: &str) {
    installation.write(name, content);
    fs::set_permissions(installation.path(name), fs::Permissions::from_mode(0o600)).unwrap();
}

/// Starts the program as root, so that it becomes the server user.
fn start(installation: &Installation, flags: &[&str]) -> Plugin {
    let log = format!("--logging-dir={}", installation.path("log").display());
    Plugin::start(installation.command().arg(log).args(flags))
}

#[test]
fn files_that_profiles_name_are_read_as_the_server_user() {
    if !is_root("reading as another user") {
        return;
    }
    let installation = Installation::without_cluster("server-user=nobody");
    give_token(&installation);
    write_for_root(&installation, "override", "[]");
    write_for_root(&installation, "data.yaml", "queue: day\n");
    let here = installation.folder.path().display();
    installation.write(
        "launcher.kubernetes.profiles.conf",
        &format!(
            "[*]\njob-json-overrides=\"/spec/template/spec/hostAliases\":\"{here}/override\"\n\
             template-data={here}/data.yaml\n"
        ),
    );
    let end = start(&installation, &[]).end();
    assert_eq!(end.status.code(), Some(1), "{}", end.stderr);
    insta::assert_snapshot!(installation.named(&end.stderr));

    // With the right to read them all is well: it is that which was missing.
    for name in ["override", "data.yaml"] {
        fs::set_permissions(installation.path(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let mut plugin = start(&installation, &[]);
    plugin.close_input();
    let end = plugin.end();
    assert_eq!((end.status.code(), end.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_template_that_root_alone_may_read_is_not_included() {
    if !is_root("reading as another user") {
        return;
    }
    let stage = Stage::new("server-user=nobody\nuse-templating=1");
    let installation = &stage.installation;
    give_token(installation);
    fs::create_dir(installation.path("scratch")).unwrap();
    write_for_root(installation, "scratch/secret.tpl", "read");
    let mut plugin = bootstrapped(start(installation, &["--heartbeat-interval-seconds=0"]));
    let told = plugin_log(installation, "no job can be submitted");
    assert!(
        told.contains("ERROR object template [DIR]/scratch/secret.tpl: cannot be read: Permission denied"),
        "{told}"
    );
    let answer = submit(&mut plugin, "ada");
    assert_eq!(answer["messageType"], -1, "{answer}");

    fs::set_permissions(installation.path("scratch/secret.tpl"), fs::Permissions::from_mode(0o644)).unwrap();
    plugin.send(r#"{"messageType":202,"requestId":3,"username":"*","requestUsername":"root"}"#);
    assert_eq!(plugin.receive()["errorType"], 0);
    let answer = submit(&mut plugin, "ada");
    assert_eq!(answer["messageType"], 2, "{answer}");
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
    stage.close();
}

/// A command on templates, by root: its exit status, and what it prints, stderr last.
fn command(installation: &Installation, flags: &[&str]) -> (i32, String) {
    let output = installation.command().args(flags).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code().unwrap_or(-1), installation.named(&text.concat()))
}

#[test]
fn validation_reads_templates_and_runs_their_programs_as_the_server_user() {
    if !is_root("reading as another user") {
        return;
    }
    let stage = Stage::new("server-user=nobody");
    let installation = &stage.installation;
    give_token(installation);
    // Where root's own files are for nobody else, templates can be read even so.
    let mut generate = Command::new("sh");
    generate.args(["-c", "umask 077; exec \"$0\" --generate-templates"]);
    generate.arg(env!("CARGO_BIN_EXE_rstudio-kubernetes-launcher"));
    let written = generate.env("RSTUDIO_CONFIG_DIR", installation.folder.path()).output().unwrap();
    assert!(written.status.success(), "{written:?}");
    let job = installation.path("scratch/job.tpl");
    let template = fs::read_to_string(&job).unwrap();
    let who = r#"        who: {{ printf "%s%s" (exec "id" "-u") (exec "id" "-G") | splitList "\n" | join "/" | quote }}"#;
    fs::write(&job, template.replace(PLACE, &format!("{PLACE}{who}\n"))).unwrap();
    let nobody = nix::unistd::User::from_name(NOBODY).unwrap().unwrap();
    let expected = format!("who: \"{}/{}/\"\n", nobody.uid, nobody.gid);

    for judge in [&[][..], &["--cluster"]] {
        let validate = [&["--validate-templates", "--verbose"], judge].concat();
        let (status, text) = command(installation, &validate);
        assert_eq!(status, 0, "{text}");
        assert!(text.contains(&expected), "{text}");

        write_for_root(installation, "scratch/secret.tpl", "read");
        let (status, text) = command(installation, &validate);
        assert_eq!(status, 1, "{text}");
        insta::allow_duplicates! { insta::assert_snapshot!("a_template_for_root_alone", text) }
        fs::remove_file(installation.path("scratch/secret.tpl")).unwrap();
    }
    // A look changes nothing.
    let owner = |name| std::os::unix::fs::MetadataExt::uid(&fs::metadata(installation.path(name)).unwrap());
    assert_eq!((owner("scratch"), owner("scratch/job.tpl")), (0, 0));

    let (status, text) = command(installation, &["--diff-templates"]);
    assert!(status == 1 && text.contains(who), "{status} {text}");
    fs::set_permissions(&job, fs::Permissions::from_mode(0o600)).unwrap();
    let (status, text) = command(installation, &["--diff-templates"]);
    assert!(status == 2 && text.contains("Permission denied"), "{status} {text}");
    stage.close();
}

#[test]
fn data_of_profiles_is_read_as_the_server_user_by_validation() {
    if !is_root("reading as another user") {
        return;
    }
    let installation = Installation::without_cluster("server-user=nobody");
    give_token(&installation);
    write_for_root(&installation, "data.yaml", "queue: day\n");
    let data = installation.path("data.yaml");
    installation
        .write("launcher.kubernetes.profiles.conf", &format!("[*]\ntemplate-data={}\n", data.display()));
    assert_eq!(command(&installation, &["--generate-templates"]).0, 0);
    let (status, text) = command(&installation, &["--validate-templates"]);
    assert_eq!(status, 1, "{text}");
    insta::assert_snapshot!(text);
    fs::set_permissions(data, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, text) = command(&installation, &["--validate-templates"]);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn where_there_is_no_server_user_root_reads_templates_only_if_told_to() {
    if !is_root("becoming another user") {
        return;
    }
    let installation = Installation::without_cluster("server-user=no-such-user");
    assert_eq!(command(&installation, &["--generate-templates"]).0, 0);
    for command_flag in ["--validate-templates", "--diff-templates"] {
        let (status, text) = command(&installation, &[command_flag]);
        assert_eq!(status, 2, "{text}");
        insta::allow_duplicates! { insta::assert_snapshot!("no_server_user", text) }
        for way_out in ["--unprivileged=1", "--server-user=nobody"] {
            // The configuration file is stronger than flags.
            installation.write("launcher.kubernetes.conf", "");
            let scratch = format!("--scratch-path={}", installation.path("scratch").display());
            let (status, text) = command(&installation, &[command_flag, way_out, &scratch]);
            assert_eq!(status, 0, "{text}");
        }
        installation.write(
            "launcher.kubernetes.conf",
            &format!("server-user=no-such-user\nscratch-path={}\n", installation.path("scratch").display()),
        );
    }
}

/// A user in a group that is not the user's primary one; both go with this value.
struct Member {
    name: String,
    group: String,
}

impl Member {
    fn new() -> Self {
        let number = std::process::id();
        let member = Self { name: format!("lwu{number}"), group: format!("lwg{number}") };
        run("groupadd", &[&member.group]);
        run("useradd", &["--no-create-home", "--no-user-group", "--groups", &member.group, &member.name]);
        member
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // What was not made cannot be removed; a test that fails says so itself.
        let _ = Command::new("userdel").arg(&self.name).output();
        let _ = Command::new("groupdel").arg(&self.group).output();
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
}

#[test]
fn members_of_a_second_group_get_its_profile_and_the_documented_annotations_by_groups() {
    if !is_root("making users and groups") {
        return;
    }
    let member = Member::new();
    let stage = Stage::new("server-user=nobody\nuse-templating=1");
    let installation = &stage.installation;
    give_token(installation);
    let here = installation.folder.path().display();
    installation.write("admins.yaml", "queue: night\n");
    let profiles = format!(
        "[*]\ndefault-container-image=busybox:local\nmax-cpus=1\n[@{}]\nmax-cpus=4\ntemplate-data={here}/admins.yaml\n",
        member.group
    );
    installation.write("launcher.kubernetes.profiles.conf", &profiles);
    let mut generate = installation.command();
    let written = generate.args(["--generate-templates", "--scratch-path"]).arg(installation.path("scratch"));
    assert!(written.output().unwrap().status.success());
    let job = installation.path("scratch/job.tpl");
    let annotations = DOCUMENTED.replace("rstudio-admins", &member.group);
    let template = fs::read_to_string(&job).unwrap();
    assert_eq!(template.matches(PLACE).count(), 1);
    fs::write(&job, template.replace(PLACE, &format!("{PLACE}{annotations}"))).unwrap();

    let mut plugin = bootstrapped(start(installation, &["--heartbeat-interval-seconds=0"]));
    for (user, cpus, expected) in [
        (
            member.name.as_str(),
            "4",
            json!({ "my.org/admin": "true", "iam.amazonaws.com/role": "rs-admin-role", "my.org/queue": "night" }),
        ),
        (NOBODY, "1", json!({ "iam.amazonaws.com/role": "rs-user-role", "my.org/queue": "day" })),
    ] {
        let message = json!({ "messageType": 9, "requestId": 8, "username": user, "requestUsername": user });
        plugin.send(&message.to_string());
        assert_eq!(plugin.receive_type(8)["resourceLimits"][0]["maxValue"], cpus, "{user}");
        let answer = submit(&mut plugin, user);
        let id = answer["jobs"][0]["id"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let object = stage.object(id).1;
        let all = object["spec"]["template"]["metadata"]["annotations"].as_object().unwrap().clone();
        let ours: Value =
            all.into_iter().filter(|(key, _)| key.contains('/') && !key.starts_with("launchway")).collect();
        assert_eq!(ours, expected, "{user}");
    }
    plugin.close_input();
    assert_eq!(plugin.end().status.code(), Some(0));
    stage.close();
}

/// Behind this line of the template.
const PLACE: &str = "      annotations:\n";
/// The product's examples of a groups annotation and of kiam, and the data of the profile.
const DOCUMENTED: &str = r#"        {{- $grp := groups .Job.user }}
        {{- if has "rstudio-admins" $grp }}
        my.org/admin: "true"
        iam.amazonaws.com/role: "rs-admin-role"
        {{- else }}
        iam.amazonaws.com/role: "rs-user-role"
        {{- end }}
        my.org/queue: {{ .Profile.queue | default "day" | quote }}
"#;

/// Submits a job of a user, and returns the answer.
fn submit(plugin: &mut Plugin, user: &str) -> Value {
    let message = json!({
        "messageType": 2, "requestId": 7, "username": user, "requestUsername": user, "encodedJobId": "",
        "job": { "name": "fit", "command": "true", "user": user, "container": { "image": "busybox:local" } },
    });
    plugin.send(&message.to_string());
    plugin.receive()
}

/// The log, once it holds a text.
fn plugin_log(installation: &Installation, text: &str) -> String {
    let file = installation.path("log/rstudio-kubernetes-launcher.log");
    let read = || fs::read_to_string(&file).unwrap_or_default();
    program::await_condition(text, || read().contains(text));
    installation.named(&read())
}
