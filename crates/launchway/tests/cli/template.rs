//! `template --watch` and `--batch` while they run, terminals, and bytes that are no text.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command};
use std::sync::mpsc;
use std::time::Duration;

use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::desk::Desk;

/// Longer than any look at files and rendering takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// `template --watch` at work.
struct Watch {
    child: Child,
    stdout: mpsc::Receiver<String>,
    stderr: mpsc::Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            // Nobody listens any more when the test is over.
            let _over = sender.send(line.unwrap());
        }
    });
    receiver
}

impl Watch {
    fn start(desk: &Desk, line: &str) -> Self {
        let mut child = desk.command(line).spawn().unwrap();
        drop(child.stdin.take());
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    fn rendered(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing was rendered"))
    }

    /// The next error, past the notes of what changed.
    fn error(&self) -> String {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no error was told"));
            if line.starts_with("error:") {
                return line;
            }
        }
    }

    /// Interrupts it and gives its exit code.
    fn end(mut self) -> Option<i32> {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGINT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A test that fails leaves nothing running.
        let _ended_already = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[test]
fn watching_renders_again_after_each_change_and_lives_through_what_is_broken() {
    let desk = Desk::new();
    desk.write("set/job.tpl", "{{ include \"n\" . }} {{ .a }}\n");
    desk.write("set/_n.tpl", "{{ define \"n\" }}first{{ end }}");
    desk.write("data.yaml", "a: 1\n");
    let watch = Watch::start(&desk, "template set --data data.yaml --watch");
    assert_eq!(watch.rendered(), "first 1");

    desk.write("data.yaml", "a: 2\n");
    assert_eq!(watch.rendered(), "first 2");
    // As editors do that write a new file and rename it.
    desk.write("set/_n.tpl.new", "{{ define \"n\" }}second{{ end }}");
    std::fs::rename(desk.path().join("set/_n.tpl.new"), desk.path().join("set/_n.tpl")).unwrap();
    assert_eq!(watch.rendered(), "second 2");
    desk.write("set/_n.tpl", "{{ define \"n\" }}{{ uper 1 }}{{ end }}");
    assert_eq!(watch.error(), "error: function \"uper\" not defined");
    std::fs::remove_file(desk.path().join("set/_n.tpl")).unwrap();
    assert!(watch.error().contains("no template \"n\""));
    desk.write("set/_other.tpl", "{{ define \"n\" }}third{{ end }}");
    assert_eq!(watch.rendered(), "third 2");
    std::fs::remove_file(desk.path().join("data.yaml")).unwrap();
    assert_eq!(watch.error(), "error: cannot read 'data.yaml'");
    desk.write("data.yaml", "a: 3\n");
    assert_eq!(watch.rendered(), "third 3");

    assert_eq!(watch.end(), Some(0));
}

#[test]
fn watching_ends_though_a_template_does_not() {
    let desk = Desk::new();
    let begun = desk.path().join("begun");
    assert!(Command::new("mkfifo").arg(&begun).status().unwrap().success());
    let forever =
        "{{ $l := until 9000 }}{{ range $l }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}{{ end }}";
    desk.write("t.tpl", &format!("{{{{ $_ := exec \"sh\" \"-c\" \"echo yes > begun\" }}}}{forever}"));
    let watch = Watch::start(&desk, "template t.tpl --watch");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(std::fs::read(begun).unwrap()));
    assert_eq!(receiver.recv_timeout(PATIENCE).unwrap(), b"yes\n");
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn each_answer_of_a_batch_comes_before_the_next_question() {
    let desk = Desk::new();
    let mut child = desk.command("template --batch").spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers: BufReader<ChildStdout> = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(questions, r#"{{"template": "{{{{ add . 1 }}}}", "data": {number}}}"#).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, format!("{{\"output\":\"{}\"}}\n", number + 1));
    }
    drop(questions);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn bytes_that_are_no_text_come_through() {
    let desk = Desk::new();
    std::fs::write(desk.path().join("t.tpl"), b"\xff{{ \"\\xfe\" }}").unwrap();
    let output = desk.command("template t.tpl").output().unwrap();
    assert_eq!(output.stdout, b"\xff\xfe");
}

#[test]
fn marks_stand_where_they_belong_after_bytes_that_are_no_text() {
    let desk = Desk::new();
    std::fs::write(desk.path().join("t.tpl"), b"\xff\xfe {{ nope }}").unwrap();
    let error = desk.run("template t.tpl", "").stderr;
    let (line, mark) = (error.lines().nth(3).unwrap(), error.lines().nth(4).unwrap());
    let column =
        |line: &str, part: &str| line.chars().count() - line[line.find(part).unwrap()..].chars().count();
    assert_eq!(column(line, "nope"), column(mark, "^^^^"), "{error}");
}

/// What a command writes to standard error when that is a terminal.
fn on_a_terminal(desk: &Desk, line: &str, no_color: &str) -> String {
    let terminal = openpty(None, None).unwrap();
    let mut command = desk.command(line);
    let mut child = command.env("NO_COLOR", no_color).stderr(terminal.slave).spawn().unwrap();
    // The terminal ends when nobody has it open any more: neither the child nor whoever could start another.
    drop(command);
    let mut shown = Vec::new();
    let mut terminal = File::from(terminal.master);
    let mut piece = [0; 1024];
    while let Ok(length) = terminal.read(&mut piece) {
        shown.extend_from_slice(&piece[..length]);
    }
    child.wait().unwrap();
    String::from_utf8(shown).unwrap()
}

#[test]
fn a_terminal_gets_colours_unless_it_is_told_not_to() {
    let desk = Desk::new();
    desk.write("t.tpl", "{{ nope }}");
    let coloured = on_a_terminal(&desk, "template t.tpl", "");
    assert!(coloured.contains("\x1b["), "{coloured:?}");
    for (line, no_color) in [("template t.tpl", "1"), ("template t.tpl --color never", "")] {
        let plain = on_a_terminal(&desk, line, no_color);
        assert!(plain.contains("not defined") && !plain.contains('\x1b'), "{plain:?}");
    }
}
