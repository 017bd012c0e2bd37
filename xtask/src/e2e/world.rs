//! What one behaviour has around it: its folder, its plugins, the jobs it submitted, the streams it follows.

use std::collections::BTreeMap;
use std::fs::File;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use forgetful_proxy::Proxy;
use serde_json::{Value, json};

use super::behaviour::{Behaviour, Refusal, Step, Subject, Way};
use super::conversation::Conversation;
use super::matching;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::programs::Programs;
use crate::site::Site;

/// The plugin that steps mean when they name none, and the job and user likewise.
pub(crate) const OWN_PLUGIN: &str = "own";
const OWN_JOB: &str = "job";
const OWN_USER: &str = "ada";

/// How long a state or a piece of output may take unless a step says otherwise.
const PATIENCE: Duration = Duration::from_secs(40);

/// A job of this behaviour.
#[derive(Clone)]
pub(crate) struct KnownJob {
    pub id: String,
    pub user: String,
}

/// A stream that a step opened with `follow`.
pub(crate) struct Followed {
    pub plugin: String,
    pub id: u64,
    /// The message type of its request, for a cancel.
    pub message_type: i64,
}

pub(crate) struct World {
    pub cluster: Arc<Cluster>,
    pub site: Site,
    /// What stands between the plugin and the API, where the behaviour asks for it.
    pub proxy: Option<Proxy>,
    pub(crate) programs: Arc<Programs>,
    number: usize,
    pub plugins: BTreeMap<String, Conversation>,
    /// The status streams over all jobs of a user, by plugin and user.
    watchers: BTreeMap<(String, String), u64>,
    pub jobs: BTreeMap<String, KnownJob>,
    pub followed: BTreeMap<String, Followed>,
    /// Ports of the plugin whose packets are being dropped.
    pub lost_ports: Vec<u16>,
    /// The token in the launcher's file when this behaviour began, where it is one that expires.
    pub first_token: Option<String>,
}

impl World {
    /// Makes a folder and starts a plugin, unless the behaviour's first step starts its own.
    ///
    /// # Errors
    /// The folder can't be written, or the plugin does not bootstrap.
    pub(crate) async fn begin(
        cluster: Arc<Cluster>,
        programs: Arc<Programs>,
        number: usize,
        behaviour: &Behaviour,
    ) -> Result<Self, Failure> {
        let proxy = match behaviour.api {
            Way::Direct => None,
            Way::BehindAProxy => {
                let server = cluster.api_url.trim_start_matches("https://");
                let proxy = Proxy::before(server).await;
                Some(proxy.map_err(|e| Failure::during("starting a proxy in front of the API", e))?)
            }
        };
        let mut world = World {
            site: match &proxy {
                Some(proxy) => Site::by_way_of(&format!("https://{}", proxy.address()), &cluster)?,
                None => Site::for_cluster(&cluster)?,
            },
            proxy,
            first_token: cluster.launcher_token.soon_expired()?,
            cluster,
            programs,
            number,
            plugins: BTreeMap::new(),
            watchers: BTreeMap::new(),
            jobs: BTreeMap::new(),
            followed: BTreeMap::new(),
            lost_ports: Vec::new(),
        };
        let starts_its_own = matches!(behaviour.steps.first(), Some(Step::Plugin(p)) if p.alias.is_none());
        if !starts_its_own {
            world
                .start_plugin(OWN_PLUGIN, &["--heartbeat-interval-seconds=0".into()])
                .await?
                .bootstrap()
                .await?;
        }
        Ok(world)
    }

    /// Starts a plugin with this behaviour's folder, without a word to it.
    ///
    /// # Errors
    /// The program can't be started.
    pub(crate) async fn start_plugin(
        &mut self,
        alias: &str,
        flags: &[String],
    ) -> Result<&mut Conversation, Failure> {
        let mut all = self.site.flags();
        all.extend_from_slice(flags);
        let stderr = File::options()
            .create(true)
            .append(true)
            .open(self.site.logs().join("stderr"))
            .map_err(|e| Failure::during("opening a file for the plugin's stderr", e))?;
        let plugin = Conversation::start(&self.programs.plugin, &all, Stdio::from(stderr))?;
        self.watchers.retain(|(plugin, _), _| plugin != alias);
        self.plugins.insert(alias.to_owned(), plugin);
        self.plugin(Some(alias))
    }

    /// A plugin by name.
    ///
    /// # Errors
    /// There is none of that name.
    pub(crate) fn plugin(&mut self, alias: Option<&str>) -> Result<&mut Conversation, Failure> {
        let alias = alias.unwrap_or(OWN_PLUGIN);
        self.plugins.get_mut(alias).ok_or_else(|| Failure::new(format!("no plugin is called '{alias}'")))
    }

    /// The user's name on the wire: `ada` of one behaviour is not `ada` of another.
    pub(crate) fn user(&self, name: Option<&str>) -> String {
        match name {
            Some("*") => "*".into(),
            // A user of this machine, who is in the groups that the machine says.
            Some(name) if name.starts_with('=') => name[1..].to_owned(),
            other => format!("{}-{}", other.unwrap_or(OWN_USER), self.number),
        }
    }

    /// A job by the name that its submission gave it.
    ///
    /// # Errors
    /// No such job was submitted.
    pub(crate) fn job(&self, alias: Option<&str>) -> Result<KnownJob, Failure> {
        let alias = alias.unwrap_or(OWN_JOB);
        self.jobs
            .get(alias)
            .cloned()
            .ok_or_else(|| Failure::new(format!("no job was submitted as '{alias}'")))
    }

    /// Remembers a submitted job.
    pub(crate) fn remember(&mut self, alias: Option<&str>, id: String, user: String) {
        self.jobs.insert(alias.unwrap_or(OWN_JOB).to_owned(), KnownJob { id, user });
    }

    /// The id meant by a step, and on whose behalf it asks.
    ///
    /// # Errors
    /// It names a job that was not submitted.
    pub(crate) fn resolve(&self, subject: &Subject) -> Result<(String, String), Failure> {
        let (id, owner) = match &subject.id {
            Some(id) => (id.clone(), None),
            None => {
                let job = self.job(subject.job.as_deref())?;
                (job.id, Some(job.user))
            }
        };
        let user = match (&subject.user, owner) {
            (None, Some(owner)) if owner != "*" => owner,
            (name, _) => self.user(name.as_deref()),
        };
        Ok((id, user))
    }

    /// The value of `$NAME` in this behaviour.
    pub(crate) fn variable(&self, name: &str) -> Option<Value> {
        // Each behaviour has three ports of its own below the range of node ports.
        let port = |offset: u16| 20_000 + u16::try_from(self.number % 2000).unwrap_or(0) * 4 + offset;
        match name {
            "IMAGE" => Some(self.cluster.image.as_str().into()),
            "BARE_IMAGE" => Some(self.cluster.bare_image.as_str().into()),
            "MISSING_IMAGE" => Some(self.cluster.missing_image.as_str().into()),
            "SCRATCH" => Some(self.site.scratch().display().to_string().into()),
            "ada" | "bob" => Some(self.user(Some(name)).into()),
            "id" => self.job(None).ok().map(|job| job.id.into()),
            "PORT" => Some(port(0).into()),
            "SERVE" => Some(self.cluster.server.on_port(port(0)).into()),
            _ => None,
        }
    }

    /// A value with its variables replaced.
    pub(crate) fn meant(&self, value: &Value) -> Value {
        let mut value = value.clone();
        matching::substitute(&mut value, &|name| self.variable(name));
        value
    }

    /// Sends a request on behalf of a user, and waits for its answer.
    ///
    /// # Errors
    /// No answer comes.
    pub(crate) async fn ask(
        &mut self,
        plugin: Option<&str>,
        message_type: i64,
        user: &str,
        more: Value,
    ) -> Result<Value, Failure> {
        let request = request(message_type, user, more);
        self.plugin(plugin)?.ask(request).await
    }

    /// The id of the status stream over all jobs that a user may see, opened when first needed.
    ///
    /// # Errors
    /// The plugin is gone.
    pub(crate) async fn watcher(&mut self, plugin: Option<&str>, user: &str) -> Result<u64, Failure> {
        let key = (plugin.unwrap_or(OWN_PLUGIN).to_owned(), user.to_owned());
        if let Some(id) = self.watchers.get(&key) {
            return Ok(*id);
        }
        let id = self.plugin(plugin)?.open(request(4, user, json!({"jobId": "*"}))).await?;
        self.watchers.insert(key, id);
        Ok(id)
    }

    /// Forgets the status streams of a plugin that ended.
    pub(crate) fn forget_watchers(&mut self, plugin: &str) {
        self.watchers.retain(|(of, _), _| of != plugin);
    }

    /// Ends what runs, and tells what the plugins said that they must not.
    pub(crate) async fn end(mut self) -> Vec<String> {
        let ids: Vec<String> = self.jobs.values().map(|job| job.id.clone()).collect();
        let mut faults = Vec::new();
        for plugin in self.plugins.values_mut() {
            if let Err(e) = plugin.end_input().await {
                faults.push(e.to_string());
            }
            faults.append(&mut plugin.listener().heard().faults);
        }
        for id in ids {
            // It may be gone already, by a step or by its own end.
            let _ = self.cluster.admin.delete(crate::cluster::ObjectKind::Job, &id).await;
        }
        faults
    }

    /// All that the plugins of this behaviour have logged.
    pub(crate) fn log(&self) -> String {
        let files = std::fs::read_dir(self.site.logs()).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
    }

    /// The plugin's own words, for the report of a failure: the last lines of its log and of its stderr.
    pub(crate) fn log_tail(&self) -> String {
        let mut out = String::new();
        let files = std::fs::read_dir(self.site.logs()).into_iter().flatten().flatten();
        for file in files {
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let tail = &lines[lines.len().saturating_sub(25)..];
            if !tail.is_empty() {
                out.push_str(&format!("--- {}\n{}\n", file.file_name().display(), tail.join("\n")));
            }
        }
        out
    }
}

/// How long a step may take.
pub(crate) fn patience(seconds: Option<u64>) -> Duration {
    seconds.map_or(PATIENCE, Duration::from_secs)
}

/// A request with its user and further fields.
pub(crate) fn request(message_type: i64, user: &str, more: Value) -> Value {
    let mut request = json!({
        "messageType": message_type, "username": user, "requestUsername": user, "encodedJobId": "",
    });
    if let (Value::Object(request), Value::Object(more)) = (&mut request, more) {
        request.extend(more);
    }
    request
}

/// Checks an answer against an expected refusal: an Error when there is one, no Error when there is none.
///
/// # Errors
/// The answer is not what is expected.
pub(crate) fn check_refusal(answer: &Value, expected: Option<&Refusal>) -> Result<(), Failure> {
    let is_error = answer["messageType"] == -1;
    match expected {
        None if is_error => Err(Failure::new(format!("refused: {answer}"))),
        None => Ok(()),
        Some(refusal) => {
            if !is_error || answer["errorCode"] != refusal.code {
                return Err(Failure::new(format!("expected error {}, got {answer}", refusal.code)));
            }
            let text = answer["errorMessage"].as_str().unwrap_or("");
            match &refusal.says {
                Some(part) if !text.contains(part.as_str()) => {
                    Err(Failure::new(format!("the message '{text}' does not say '{part}'")))
                }
                _ => Ok(()),
            }
        }
    }
}
