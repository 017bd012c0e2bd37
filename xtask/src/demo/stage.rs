//! The folder, the cluster and the commands of the demo.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::PATIENCE;
use crate::cluster::{Cluster, Images};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs::Programs;
use crate::site::Site;

/// How often a condition that no stream tells of is looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// `launchway cluster` as a process of its own, and a configuration folder for it.
pub(super) struct Trial {
    cluster: Child,
    files: tempfile::TempDir,
    site: Site,
}

impl Trial {
    pub(super) async fn start(programs: &Programs) -> Result<Self, Failure> {
        let doing = "starting the trial cluster";
        let files = tempfile::tempdir().map_err(|e| Failure::during(doing, e))?;
        let (kubeconfig, token) = (files.path().join("kubeconfig"), files.path().join("token"));
        let mut cluster = Command::new(&programs.client)
            .arg("cluster")
            .arg("--kubeconfig")
            .arg(&kubeconfig)
            .arg("--launcher-token")
            .arg(&token)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| Failure::during(doing, e))?;
        let deadline = Instant::now() + PATIENCE;
        while !(kubeconfig.exists() && token.exists()) {
            if let Ok(Some(status)) = cluster.try_wait() {
                return Err(Failure::new(format!("the trial cluster ended at once: {status}")));
            }
            if Instant::now() > deadline {
                return Err(Failure::new("the trial cluster does not serve"));
            }
            sleep(PAUSE).await;
        }
        let token = std::fs::read_to_string(&token).map_err(|e| Failure::during(doing, e))?;
        let images = Images { busybox: "trial:any".into(), bare: "trial:bare".into() };
        let known = Cluster::existing(&kubeconfig, token.trim().to_owned(), images).await?;
        let site = Site::for_cluster(&known)?;
        Ok(Trial { cluster, files, site })
    }

    /// Asks the cluster to end as Ctrl-C does, and waits until it and its files are gone.
    pub(super) async fn end(mut self) -> Result<(), Failure> {
        let pid = self.cluster.id().and_then(|pid| i32::try_from(pid).ok());
        if let Some(pid) = pid {
            kill(Pid::from_raw(pid), Signal::SIGINT)
                .map_err(|e| Failure::during("ending the trial cluster", e))?;
        }
        let status = tokio::time::timeout(PATIENCE, self.cluster.wait())
            .await
            .map_err(|_| Failure::new("the trial cluster does not end"))?
            .map_err(|e| Failure::during("ending the trial cluster", e))?;
        let left = std::fs::read_dir(self.files.path()).map_or(0, Iterator::count);
        if !status.success() || left > 0 {
            return Err(Failure::new(format!("the trial cluster ended with {status} and left {left} files")));
        }
        Ok(())
    }
}

/// Runs commands and shows them.
pub(super) struct Stage<'a> {
    printer: &'a Printer,
    client: &'a Path,
    folder: PathBuf,
}

impl<'a> Stage<'a> {
    /// # Errors
    /// The folder can't be furnished.
    pub(super) fn new(printer: &'a Printer, programs: &'a Programs, trial: &Trial) -> Result<Self, Failure> {
        let stage = Stage { printer, client: &programs.client, folder: trial.site.path().to_owned() };
        stage.furnish(programs, &trial.site)?;
        Ok(stage)
    }

    /// The settings file, so that no command needs to name the plugin; and the job's own little server.
    fn furnish(&self, programs: &Programs, site: &Site) -> Result<(), Failure> {
        let flags: Vec<String> = site.quiet_flags().iter().map(|flag| format!("{flag:?}")).collect();
        let settings = format!(
            "plugin = {:?}\nargs = [{}]\nuser = \"ada\"\n",
            programs.plugin.display().to_string(),
            flags.join(", ")
        );
        self.write("launchway.toml", &settings)?;
        let program = std::env::current_exe().map_err(|e| Failure::during("finding this program", e))?;
        self.write("serve", &format!("#!/bin/sh\nexec '{}' serve-text --once \"$@\"\n", program.display()))?;
        std::fs::set_permissions(self.folder.join("serve"), std::fs::Permissions::from_mode(0o755))
            .map_err(|e| Failure::during("making ./serve executable", e))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn say(&self, text: &str) {
        self.printer.line(text);
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).map_err(|e| Failure::during(format!("writing {}", path.display()), e))
    }

    /// A port that nobody listens on now.
    pub(super) fn free_port(&self) -> Result<u16, Failure> {
        TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map(|address| address.port())
            .map_err(|e| Failure::during("looking for a free port", e))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.client);
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    fn announce(&self, arguments: &[&str], rest: &str) {
        let folder = self.folder.display().to_string();
        let shown: Vec<&str> =
            arguments.iter().map(|word| if *word == folder { "." } else { word }).collect();
        self.say(&self.printer.title(&format!("$ launchway {}{rest}", shown.join(" "))));
    }

    /// Shows a command and what it prints.
    pub(super) async fn show(&self, arguments: &[&str]) -> Result<(), Failure> {
        self.announce(arguments, "");
        self.run(arguments).await.map(|text| self.say(text.trim_end()))
    }

    /// Shows a shell command of the folder and what it prints.
    pub(super) fn shell(&self, text: &str) -> Result<(), Failure> {
        self.say(&self.printer.title(&format!("$ {text}")));
        let output = std::process::Command::new("/bin/sh")
            .args(["-c", text])
            .current_dir(&self.folder)
            .output()
            .map_err(|e| Failure::during(text, e))?;
        self.say(String::from_utf8_lossy(&output.stdout).trim_end());
        Ok(())
    }

    async fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let doing = || format!("launchway {}", arguments.join(" "));
        let output = self.command(arguments).output().await.map_err(|e| Failure::during(doing(), e))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Failure::during(doing(), String::from_utf8_lossy(&output.stderr)))
    }

    /// Runs a command without showing it, and reads its JSON.
    pub(super) async fn ask_json(&self, arguments: &[&str]) -> Result<Value, Failure> {
        let text = self.run(arguments).await?;
        serde_json::from_str(&text).map_err(|e| Failure::during(arguments.join(" "), e))
    }

    /// Shows a submission and returns the id that it prints.
    pub(super) async fn submit(&self, arguments: &[&str]) -> Result<String, Failure> {
        self.announce(arguments, "");
        let id = self.run(arguments).await?.trim().to_owned();
        self.say(&id);
        Ok(id)
    }

    /// The id of the only job of a name.
    pub(super) async fn id_of(&self, name: &str) -> Result<String, Failure> {
        let jobs = self.ask_json(&["ps", "--all", "--json"]).await?;
        jobs.as_array()
            .into_iter()
            .flatten()
            .find(|job| job["name"] == name)
            .and_then(|job| job["id"].as_str())
            .map(Into::into)
            .ok_or_else(|| Failure::new(format!("no job is called '{name}'")))
    }

    /// Looks at a job until it is as wanted.
    pub(super) async fn until(
        &self,
        id: &str,
        wanted: &str,
        is: impl Fn(&Value) -> bool,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let job = self.ask_json(&["status", id, "--json"]).await?;
            if is(&job) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(Failure::new(format!("{id} does not come to {wanted}: {job}")));
            }
            sleep(PAUSE).await;
        }
    }

    /// Begins a command whose output is shown as it comes, with a file as its standard input.
    pub(super) fn begin(&self, arguments: &[&str], input: &Path) -> Result<Running, Failure> {
        self.announce(arguments, &format!(" < {}", input.display()));
        let doing = || format!("launchway {}", arguments.join(" "));
        let file = File::open(self.folder.join(input)).map_err(|e| Failure::during(doing(), e))?;
        let mut child = self
            .command(arguments)
            .stdin(file)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| Failure::during(doing(), e))?;
        let (sender, lines) = mpsc::channel(16);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(forward(stdout, "", sender.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(forward(stderr, "   (stderr) ", sender));
        }
        Ok(Running { child, lines, printer: self.printer.clone() })
    }

    /// Fetches a page as a client of a session would.
    pub(super) async fn fetch(&self, address: &str, port: u16) -> Result<String, Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match get_once(address, port).await {
                Ok(body) if !body.is_empty() => return Ok(body),
                Err(e) if Instant::now() > deadline => {
                    return Err(Failure::during(format!("fetching from {address}:{port}"), e));
                }
                Ok(_) if Instant::now() > deadline => {
                    return Err(Failure::new(format!("{address}:{port} answers with nothing")));
                }
                // The job says that it waits just before it listens.
                _ => sleep(PAUSE).await,
            }
        }
    }

    pub(super) fn expect(&self, what: &str, found: Option<i32>, wanted: Option<i32>) -> Result<(), Failure> {
        if found == wanted {
            return Ok(());
        }
        Err(Failure::new(format!("{what} is {found:?}, expected {wanted:?}")))
    }
}

async fn get_once(address: &str, port: u16) -> std::io::Result<String> {
    let mut connection = TcpStream::connect((address, port)).await?;
    connection.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
    let mut text = String::new();
    connection.read_to_string(&mut text).await?;
    Ok(text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// A command that runs while the stage goes on.
pub(super) struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    printer: Printer,
}

impl Running {
    /// Shows lines until one holds a text.
    pub(super) async fn until_line(&mut self, part: &str) -> Result<(), Failure> {
        let search = async {
            while let Some(line) = self.lines.recv().await {
                self.printer.line(&line);
                if line.contains(part) {
                    return Ok(());
                }
            }
            Err(Failure::new(format!("the job ended without saying '{part}'")))
        };
        tokio::time::timeout(PATIENCE, search)
            .await
            .unwrap_or_else(|_| Err(Failure::new(format!("the job does not say '{part}'"))))
    }

    /// Shows what is left, and tells the exit code.
    pub(super) async fn end(mut self) -> Result<Option<i32>, Failure> {
        let rest = async {
            while let Some(line) = self.lines.recv().await {
                self.printer.line(&line);
            }
            self.child.wait().await.map_err(|e| Failure::during("waiting for launchway", e))
        };
        let status = tokio::time::timeout(PATIENCE, rest)
            .await
            .map_err(|_| Failure::new("the job does not end"))??;
        Ok(status.code())
    }
}

/// Sends the lines of a stream, each behind a mark.
async fn forward(stream: impl tokio::io::AsyncRead + Unpin, mark: &'static str, lines: mpsc::Sender<String>) {
    let mut reader = BufReader::new(stream).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        if lines.send(format!("{mark}{line}")).await.is_err() {
            return;
        }
    }
}
