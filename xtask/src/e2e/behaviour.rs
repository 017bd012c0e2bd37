//! What a behaviour file says: a sentence, and the steps that show it.
//!
//! A step is a map with one key, the verb. A step that names no `job` means the one submitted without `as`; one
//! that names no `user` acts for `ada`. `=name` is the user of the machine that is called so.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cluster::{Need, ObjectKind};

/// One thing that holds, and the steps that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Behaviour {
    /// The sentence.
    #[serde(rename = "behaviour")]
    pub sentence: String,
    /// What the cluster must offer for it; the behaviour is skipped, with this reason, where it does not.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// How the behaviour's plugin reaches the API.
    #[serde(default)]
    pub api: Way,
    pub steps: Vec<Step>,
    /// Nothing else may run beside it.
    #[serde(default)]
    alone: bool,
    /// The name of its file.
    #[serde(skip)]
    pub topic: String,
}

impl Behaviour {
    /// Nothing else can run beside it, for it says so or stops a part of the cluster.
    pub(crate) fn runs_alone(&self) -> bool {
        self.alone || [Need::NodeControl, Need::DaemonControl].iter().any(|need| self.needs.contains(need))
    }
}

/// How a plugin reaches the API.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    #[default]
    Direct,
    /// Through a proxy whose connections the steps may freeze and cut.
    BehindAProxy,
}

/// One thing to do, and what must be seen.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    Submit(Submit),
    Get(Get),
    List(List),
    Await(Await),
    History(History),
    Control(Control),
    Interrupt(Interrupt),
    Output(Output),
    Network(Network),
    Usage(Refusable),
    Statuses(Refusable),
    ClusterInfo(ClusterInfo),
    Follow(Follow),
    Read(Read),
    Cancel(Cancel),
    Plugin(Plugin),
    RestartPlugin(RestartPlugin),
    ExternalAddress(ExternalAddress),
    Connections(Connections),
    TokenExpired(Nothing),
    Log(Log),
    Node(NodeState),
    Evict(Nothing),
    StopDaemon(String),
    StartDaemon(String),
    Raw(Raw),
    EndInput(EndInput),
    Signal(Signal),
    Profiles(String),
    Template(Template),
    Reload(Reload),
    Command(Command),
    Object(Object),
    CreateObject(CreateObject),
    ChangeObject(ChangeObject),
    DeleteObject(DeleteObject),
}

/// The Error that a request must be answered with; of a reload, the error in its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub code: i64,
    /// A part of the message.
    pub says: Option<String>,
}

/// The job that a step is about, and who asks.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Subject {
    /// The name that `submit` gave it with `as`.
    pub job: Option<String>,
    /// A literal id instead.
    pub id: Option<String>,
    pub user: Option<String>,
    /// The plugin asked, by the name that `plugin` gave it; the behaviour's own when absent.
    pub plugin: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Submit {
    #[serde(rename = "as")]
    pub alias: Option<String>,
    pub user: Option<String>,
    pub job: Map<String, Value>,
    /// A part of the job as answered.
    pub has: Option<Value>,
    pub refused: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Get {
    #[serde(flatten)]
    pub subject: Subject,
    pub fields: Option<Vec<String>>,
    pub has: Option<Value>,
    #[serde(default)]
    pub lacks: Vec<String>,
    pub refused: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct List {
    pub user: Option<String>,
    pub tags: Option<Vec<String>>,
    pub statuses: Option<Vec<String>>,
    pub start: Option<String>,
    pub end: Option<String>,
    #[serde(default)]
    pub holds: Vec<String>,
    #[serde(default)]
    pub lacks: Vec<String>,
    pub refused: Option<Refusal>,
}

/// Waits for a state, told by a status stream.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Await {
    #[serde(flatten)]
    pub subject: Subject,
    pub status: Option<String>,
    /// Any terminal state, or that the job is not found any more.
    #[serde(default)]
    pub ended: bool,
    /// Read by a Get once the state is there.
    pub exit_code: Option<i64>,
    /// A part of the status message.
    pub says: Option<String>,
    pub within_seconds: Option<u64>,
}

/// The states told so far, repeats left out.
#[derive(Debug, Deserialize)]
pub(crate) struct History {
    #[serde(flatten)]
    pub subject: Subject,
    pub is: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Control {
    #[serde(flatten)]
    pub subject: Subject,
    pub operation: String,
    /// Wait for this state first.
    pub once: Option<String>,
    pub refused: Option<Refusal>,
}

/// Asks for an operation, ends the plugin by SIGKILL soon afterwards, and starts it again. Where the request was not even
/// written down, it is made again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Interrupt {
    #[serde(flatten)]
    pub subject: Subject,
    pub operation: String,
    /// The state in which it is made again.
    pub once: Option<String>,
    pub after_milliseconds: u64,
}

/// A text, given whole or as a repetition.
#[derive(Debug, Deserialize)]
pub(crate) struct Repeats {
    pub text: String,
    pub times: usize,
}

/// What a stream of output must have been.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OutputExpectation {
    pub is: Option<String>,
    pub holds: Option<String>,
    pub repeats: Option<Repeats>,
    /// The length in bytes.
    pub bytes: Option<u64>,
    /// The stream kinds seen, sorted.
    pub kinds: Option<Vec<String>>,
}

/// The whole output of a job, read to its end.
#[derive(Debug, Deserialize)]
pub(crate) struct Output {
    #[serde(flatten)]
    pub subject: Subject,
    pub stream: Option<String>,
    #[serde(flatten)]
    pub expected: OutputExpectation,
    pub refused: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Network {
    #[serde(flatten)]
    pub subject: Subject,
    /// A target port to fetch `/` from, by its published port.
    pub fetch: Option<Value>,
    /// A part of what is fetched.
    pub gets: Option<String>,
    /// There is a host and at least one address.
    #[serde(default)]
    pub addresses: bool,
    /// An address that must be among those told, and one that must not.
    pub lists: Option<String>,
    pub lacks: Option<String>,
    pub refused: Option<Refusal>,
}

/// A stream opened only to be refused.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusable {
    #[serde(flatten)]
    pub subject: Subject,
    pub refused: Refusal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterInfo {
    pub user: Option<String>,
    pub has: Value,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    Output,
    Status,
    Usage,
}

/// Opens a stream and keeps it.
#[derive(Debug, Deserialize)]
pub(crate) struct Follow {
    #[serde(rename = "as")]
    pub alias: String,
    pub what: What,
    #[serde(flatten)]
    pub subject: Subject,
}

/// Reads an open stream until something is seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Read {
    pub from: String,
    /// The end of the stream must come; then `is` and `bytes` mean the whole of it.
    #[serde(default)]
    pub complete: bool,
    pub is: Option<String>,
    pub holds: Option<String>,
    pub bytes: Option<u64>,
    /// A resource sample with this field.
    pub sample: Option<String>,
    /// A status of `job`.
    pub status: Option<String>,
    pub job: Option<String>,
    /// A job that must not be told of meanwhile.
    pub never: Option<String>,
    pub within_seconds: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cancel {
    pub stream: String,
}

/// A plugin with special flags in place of the behaviour's own, or a second one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plugin {
    #[serde(rename = "as")]
    pub alias: Option<String>,
    #[serde(default)]
    pub flags: Vec<String>,
    #[serde(default)]
    pub bootstrap: Bootstrap,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bootstrap {
    #[default]
    Once,
    /// The steps send it themselves.
    Never,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RestartPlugin {
    #[serde(default)]
    pub how: HowToEnd,
    /// Time between the end and the new start.
    pub away_seconds: Option<u64>,
    /// Jobs that must be answered the same before and after, field by field.
    #[serde(default)]
    pub same: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HowToEnd {
    #[default]
    EndInput,
    Kill,
}

/// An address by which each node is said to be reached from outside.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExternalAddress {
    pub address: String,
}

/// The plugin's own log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// A part of it, which may still be to come.
    pub holds: String,
}

/// Whether the node talks to its cluster.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NodeState {
    Lost,
    Back,
}

/// What becomes of the connections between the plugin and the API.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Connections {
    /// Nothing passes in those that there are, and nobody is told; new ones work. Needs the proxy.
    Freeze,
    /// Nothing passes in any. Needs the proxy.
    FreezeAll,
    /// Ends both.
    Thaw,
    /// Those that there are are closed. Needs the proxy.
    Cut,
    /// The kernel drops every packet of those that there are, as a broken network does; new ones work. Needs a network
    /// namespace around the cluster.
    LosePackets,
    /// Ends that.
    LetPacketsPass,
}

/// `{}`: a step that has nothing to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// A frame written by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    pub send: Option<Value>,
    /// Bytes instead, header and all.
    pub bytes: Option<String>,
    /// A part of a frame that must come.
    pub expect: Option<Value>,
    /// A part of that frame's text.
    pub says: Option<String>,
    /// The plugin must end with this exit code.
    pub exits: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndInput {
    pub exits: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signal {
    pub name: String,
    pub exits: i32,
}

/// Lets the plugin read profiles and templates again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reload {
    /// What is there is not taken.
    pub refused: Option<Refusal>,
}

/// Changes a template in the plugin's scratch path as an administrator would.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Template {
    pub file: String,
    /// The text to be there.
    pub put: String,
    /// In place of this text, which stands once in the file; in place of all of it when neither is said.
    pub instead_of: Option<String>,
    /// Behind this text, which stands once in the file.
    pub after: Option<String>,
}

/// Runs the plugin's program for one of its commands, with the configuration of this behaviour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    pub flags: Vec<String>,
    /// The exit status.
    pub exits: i32,
    /// Parts of what it prints.
    #[serde(default)]
    pub says: Vec<String>,
    /// What is no part of it.
    #[serde(default)]
    pub lacks: Vec<String>,
}

/// An object of a job, as the cluster's API shows it to an administrator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Object {
    pub kind: ObjectKind,
    pub job: Option<String>,
    /// JSON pointer.
    pub at: Option<String>,
    pub is: Option<Value>,
    /// A part of the text there.
    pub holds: Option<String>,
    /// How many objects of this kind belong to the job.
    pub count: Option<usize>,
    /// It need not be so at once.
    pub within_seconds: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateObject {
    pub kind: ObjectKind,
    /// What further steps call it; its name in the cluster is this and a number of the run's own.
    pub name: String,
    pub manifest: Value,
}

/// Merges a change into an object of a job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeObject {
    pub kind: ObjectKind,
    pub job: Option<String>,
    pub change: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteObject {
    pub kind: ObjectKind,
    pub job: Option<String>,
}

/// Why the behaviour files can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not a list of behaviours:\n{reason}")]
    Parse { path: PathBuf, reason: String },
    #[error("two behaviours are called '{sentence}'")]
    Twice { sentence: String },
}

/// Reads every `*.yaml` of a folder, in the order of names.
///
/// # Errors
/// A file that can't be read or is no list of behaviours, or a sentence used twice.
pub(crate) fn load(folder: &Path) -> Result<Vec<Behaviour>, LoadError> {
    let read = |path: &Path| {
        std::fs::read_dir(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })
    };
    let mut files: Vec<PathBuf> = read(folder)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    let mut all: Vec<Behaviour> = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path)
            .map_err(|source| LoadError::Read { path: path.clone(), source })?;
        let behaviours: Vec<Behaviour> = serde_saphyr::from_str(&text)
            .map_err(|e| LoadError::Parse { path: path.clone(), reason: e.to_string() })?;
        let topic = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for mut behaviour in behaviours {
            behaviour.topic.clone_from(&topic);
            if all.iter().any(|b| b.sentence == behaviour.sentence) {
                return Err(LoadError::Twice { sentence: behaviour.sentence });
            }
            all.push(behaviour);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_names_at_least_sixty_behaviours_and_each_file_is_readable() {
        let all = load(Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e").as_path())
            .unwrap_or_else(|e| panic!("{e}"));
        assert!(all.len() >= 60, "{} behaviours", all.len());
        assert!(all.iter().all(|b| !b.steps.is_empty()), "a behaviour without steps shows nothing");
    }
}
