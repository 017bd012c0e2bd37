//! The answers: one thread, one table, everything at once.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use launcher_api::frame::{MAX_MESSAGE_SIZE, encode_frame};
use launcher_api::request::{Caller, ControlJob, ControlOperation, GetJobs, StreamRequest, SubmitJob};
use launcher_api::response::{
    BootstrapResponse, ClusterInfoResponse, ConfigReloadResponse, ControlJobResponse, ErrorResponse,
    JobNetwork, JobNetworkResponse, JobOutputResponse, JobResourceUtilResponse, JobStateResponse,
    JobStatusResponse, OutputPiece, ReloadError, ReloadErrorKind, ResourceUse, ResourceUtil,
    SetLoadBalancerNodesResponse, StreamSequence,
};
use launcher_api::{
    API_VERSION, ApiVersion, ErrorCode, JobId, JobSelector, JobStatus, JobTime, Request, RequestBody,
    RequestError, RequestId, Requester, Response,
};

use crate::known;
use crate::script::{CannotPlay, Output, Played, play};

/// A request that is refused.
struct Refusal(ErrorCode, String);

/// A status stream, or an output stream that is not complete yet: whose, of what, and its last number.
struct OpenStream {
    id: RequestId,
    who: Requester,
    jobs: JobSelector,
    seq_id: u64,
}

#[derive(Default)]
pub(crate) struct Plugin {
    jobs: BTreeMap<String, Played>,
    statuses: Vec<OpenStream>,
    outputs: Vec<OpenStream>,
    response_id: u64,
    submissions: u32,
    refuses_bootstrap: bool,
    is_old: bool,
}

impl Plugin {
    pub(crate) fn new(flags: &[String]) -> Self {
        let has = |name: &str| flags.iter().any(|flag| flag == name);
        let jobs = known::jobs().into_iter().map(|played| (played.job.id.to_string(), played)).collect();
        Self { jobs, refuses_bootstrap: has("--refuse-bootstrap"), is_old: has("--old"), ..Self::default() }
    }

    pub(crate) fn refuse_unreadable(&mut self, error: &RequestError) -> io::Result<()> {
        error.to_response().map_or(Ok(()), |response| self.write(&response))
    }

    pub(crate) fn answer(&mut self, request: Request) -> io::Result<()> {
        let request_id = request.id;
        let answered = match request.body {
            RequestBody::Heartbeat => return self.write(&Response::Heartbeat),
            RequestBody::Bootstrap(_) => self.bootstrap(request_id),
            RequestBody::SubmitJob(submit) => self.submit(request_id, submit)?,
            RequestBody::GetJobs(get) => self.get(request_id, &get),
            RequestBody::JobStatusStream(StreamRequest::Open(open)) => {
                return self.open_status(request_id, &open.who, &open.selector);
            }
            RequestBody::JobOutputStream(StreamRequest::Open(open)) => {
                return self.open_output(request_id, &open.who, &open.job);
            }
            RequestBody::JobResourceUtilStream(StreamRequest::Open(open)) => {
                return self.measure(request_id, &open.who, &open.job);
            }
            RequestBody::JobStatusStream(StreamRequest::Cancel(_))
            | RequestBody::JobOutputStream(StreamRequest::Cancel(_))
            | RequestBody::JobResourceUtilStream(StreamRequest::Cancel(_)) => {
                self.statuses.retain(|stream| stream.id != request_id);
                self.outputs.retain(|stream| stream.id != request_id);
                return Ok(());
            }
            RequestBody::ControlJob(control) => return self.control(request_id, &control),
            RequestBody::JobNetwork(network) => self.find(&network.who, &network.job).map(|played| {
                let ip_addresses = vec!["10.20.0.13".to_owned(), "198.51.100.7".to_owned()];
                let network = JobNetwork { host: played.job.host.clone(), ip_addresses };
                Response::JobNetwork(JobNetworkResponse { request_id, network })
            }),
            RequestBody::ClusterInfo(_) | RequestBody::MultiClusterInfo(_) => {
                Ok(Response::ClusterInfo(ClusterInfoResponse { request_id, info: known::cluster_info() }))
            }
            RequestBody::SetLoadBalancerNodes(_) => {
                Ok(Response::SetLoadBalancerNodes(SetLoadBalancerNodesResponse { request_id }))
            }
            RequestBody::ConfigReload(reload) => {
                let error = (reload.who.username == Requester::from("otto")).then(|| ReloadError {
                    kind: ReloadErrorKind::Validate,
                    message: "profiles.conf:14: unknown key 'max-cpu'".to_owned(),
                });
                Ok(Response::ConfigReload(ConfigReloadResponse { request_id, error }))
            }
        };
        self.write_answer(request_id, answered)
    }

    fn bootstrap(&self, request_id: RequestId) -> Result<Response, Refusal> {
        if self.refuses_bootstrap {
            return Err(Refusal(ErrorCode::Unknown, "the cluster cannot be reached".to_owned()));
        }
        let version = if self.is_old { ApiVersion { major: 2, minor: 0, patch: 0 } } else { API_VERSION };
        Ok(Response::Bootstrap(BootstrapResponse { request_id, version }))
    }

    fn submit(&mut self, request_id: RequestId, submit: SubmitJob) -> io::Result<Result<Response, Refusal>> {
        let mut job = *submit.job;
        if let (true, Requester::User(user)) = (job.user.is_empty(), &submit.who.username) {
            job.user = user.clone();
        }
        self.submissions += 1;
        job.id = format!("{}-job-{}", job.user, self.submissions).into();
        job.cluster = "Scripted".into();
        job.submission_time = Some(JobTime::new(Timestamp::now()));
        let played = match job.check().map_err(|error| error.to_string()).map(|()| play(job)) {
            Ok(Ok(played)) => played,
            Ok(Err(CannotPlay::Crash)) => return Err(io::Error::other("a job ended this plugin")),
            Ok(Err(CannotPlay::UnknownWord(word))) => {
                return Ok(Err(Refusal(
                    ErrorCode::InvalidRequest,
                    format!("the script has no word '{word}'"),
                )));
            }
            Err(why) => return Ok(Err(Refusal(ErrorCode::InvalidRequest, why))),
        };
        let mut answer = played.job.clone();
        answer.status = JobStatus::Pending;
        answer.exit_code = None;
        self.jobs.insert(answer.id.to_string(), played);
        let jobs = vec![Arc::new(answer)];
        Ok(Ok(Response::JobState(JobStateResponse {
            request_id,
            jobs,
            fields: launcher_api::job::JobFields::ALL,
        })))
    }

    fn get(&self, request_id: RequestId, get: &GetJobs) -> Result<Response, Refusal> {
        let jobs = match &get.selector {
            JobSelector::One(id) => vec![Arc::new(self.find(&get.who, id)?.job.clone())],
            JobSelector::All => self
                .jobs
                .values()
                .filter(|played| get.who.username.sees(&played.job.user) && get.filter.matches(&played.job))
                .map(|played| Arc::new(played.job.clone()))
                .collect(),
        };
        Ok(Response::JobState(JobStateResponse { request_id, jobs, fields: get.fields }))
    }

    fn open_status(&mut self, id: RequestId, who: &Caller, jobs: &JobSelector) -> io::Result<()> {
        if let JobSelector::One(job) = jobs
            && let Err(refusal) = self.find(who, job)
        {
            return self.write_answer(id, Err(refusal));
        }
        self.statuses.push(OpenStream { id, who: who.username.clone(), jobs: jobs.clone(), seq_id: 0 });
        let shown: Vec<Played> = self
            .jobs
            .values()
            .filter(|played| who.username.sees(&played.job.user))
            .filter(|played| *jobs == JobSelector::All || *jobs == JobSelector::One(played.job.id.clone()))
            .cloned()
            .collect();
        for played in shown {
            for status in &played.states {
                self.tell_status(&played, *status)?;
            }
        }
        Ok(())
    }

    /// Tells a state to all who watch the job.
    fn tell_status(&mut self, played: &Played, status: JobStatus) -> io::Result<()> {
        let job = &played.job;
        let mut sequences = Vec::new();
        for stream in &mut self.statuses {
            if stream.who.sees(&job.user)
                && (stream.jobs == JobSelector::All || stream.jobs == JobSelector::One(job.id.clone()))
            {
                stream.seq_id += 1;
                sequences.push(StreamSequence { request_id: stream.id, seq_id: stream.seq_id });
            }
        }
        let is_present = status == job.status;
        self.write(&Response::JobStatus(JobStatusResponse {
            sequences,
            id: job.id.clone(),
            name: job.name.clone(),
            status,
            status_message: if is_present { job.status_message.clone() } else { String::new() },
            status_code: if is_present { job.status_code.clone() } else { String::new() },
        }))
    }

    fn open_output(&mut self, request_id: RequestId, who: &Caller, job: &JobId) -> io::Result<()> {
        let played = match self.find(who, job) {
            Ok(played) => played.clone(),
            Err(refusal) => return self.write_answer(request_id, Err(refusal)),
        };
        let mut seq_id = 0;
        for output in &played.output {
            seq_id += 1;
            self.write(&Response::JobOutput(JobOutputResponse {
                request_id,
                seq_id,
                piece: output.piece(),
            }))?;
        }
        let jobs = JobSelector::One(job.clone());
        self.outputs.push(OpenStream { id: request_id, who: who.username.clone(), jobs, seq_id });
        self.complete_outputs(&played)
    }

    /// Some more output of a running job, to all who read it.
    fn say(&mut self, job: &JobId, output: &Output) -> io::Result<()> {
        let of_job = JobSelector::One(job.clone());
        let mut told = Vec::new();
        for stream in self.outputs.iter_mut().filter(|stream| stream.jobs == of_job) {
            stream.seq_id += 1;
            told.push(JobOutputResponse {
                request_id: stream.id,
                seq_id: stream.seq_id,
                piece: output.piece(),
            });
        }
        told.into_iter().try_for_each(|message| self.write(&Response::JobOutput(message)))
    }

    /// Ends the output streams of a job that is over.
    fn complete_outputs(&mut self, played: &Played) -> io::Result<()> {
        if !played.job.status.is_terminal() {
            return Ok(());
        }
        let of_job = JobSelector::One(played.job.id.clone());
        let (ending, going_on) =
            std::mem::take(&mut self.outputs).into_iter().partition(|it| it.jobs == of_job);
        self.outputs = going_on;
        for OpenStream { id: request_id, seq_id, .. } in ending {
            let seq_id = seq_id + 1;
            self.write(&Response::JobOutput(JobOutputResponse {
                request_id,
                seq_id,
                piece: OutputPiece::Complete,
            }))?;
        }
        Ok(())
    }

    /// Two samples, and that is all that can be measured.
    fn measure(&mut self, request_id: RequestId, who: &Caller, job: &JobId) -> io::Result<()> {
        match self.find(who, job).map(|played| played.job.status) {
            Ok(JobStatus::Running) => {}
            Ok(status) => {
                let refusal = Refusal(ErrorCode::JobNotRunning, format!("job '{job}' is {status}"));
                return self.write_answer(request_id, Err(refusal));
            }
            Err(refusal) => return self.write_answer(request_id, Err(refusal)),
        }
        let sample = ResourceUse { cpu_percent: Some(87.5), cpu_time: Some(12.0), ..ResourceUse::default() };
        let later = ResourceUse { cpu_time: Some(15.25), resident_memory: Some(512.25), ..sample };
        let told = [ResourceUtil::Sample(sample), ResourceUtil::Sample(later), ResourceUtil::Complete];
        for (seq_id, data) in (1..).zip(told) {
            let sequences = vec![StreamSequence { request_id, seq_id }];
            self.write(&Response::JobResourceUtil(JobResourceUtilResponse { sequences, data }))?;
        }
        Ok(())
    }

    fn control(&mut self, request_id: RequestId, control: &ControlJob) -> io::Result<()> {
        let played = match self.find(&control.who, &control.job) {
            Ok(played) => played.clone(),
            Err(refusal) => return self.write_answer(request_id, Err(refusal)),
        };
        let operation = control.operation;
        if matches!(operation, ControlOperation::Suspend | ControlOperation::Resume) {
            let refusal =
                Refusal(ErrorCode::RequestNotSupported, format!("this cluster cannot {operation} jobs"));
            return self.write_answer(request_id, Err(refusal));
        }
        if played.job.status != operation.required_status() {
            let text = format!(
                "a {} job is needed to {operation} it; '{}' is {}",
                operation.required_status(),
                control.job,
                played.job.status
            );
            return self.write_answer(request_id, Err(Refusal(ErrorCode::InvalidJobState, text)));
        }
        let (status_message, operation_complete) = (String::new(), true);
        let answer = ControlJobResponse { request_id, status_message, operation_complete };
        self.write(&Response::ControlJob(answer))?;
        if played.is_stubborn() && operation == ControlOperation::Stop {
            return self.say(&played.job.id, &Output::Stdout("not yet\n".to_owned()));
        }
        self.end_job(played, operation)
    }

    fn end_job(&mut self, mut played: Played, operation: ControlOperation) -> io::Result<()> {
        let status = operation.resulting_status();
        played.job.status = status;
        played.job.status_message.clear();
        played.job.exit_code = match operation {
            ControlOperation::Stop => Some(143),
            ControlOperation::Kill => Some(137),
            _ => None,
        };
        played.states.push(status);
        self.jobs.insert(played.job.id.to_string(), played.clone());
        self.tell_status(&played, status)?;
        self.complete_outputs(&played)
    }

    fn find(&self, who: &Caller, job: &JobId) -> Result<&Played, Refusal> {
        match self.jobs.get(job.as_str()) {
            Some(played) if who.username.sees(&played.job.user) => Ok(played),
            _ => Err(Refusal(ErrorCode::JobNotFound, format!("there is no job '{job}'"))),
        }
    }

    fn write_answer(&mut self, request_id: RequestId, answered: Result<Response, Refusal>) -> io::Result<()> {
        self.write(&answered.unwrap_or_else(|Refusal(code, message)| {
            Response::Error(ErrorResponse { request_id, code, message })
        }))
    }

    fn write(&mut self, response: &Response) -> io::Result<()> {
        let payload = response.to_json(self.response_id);
        if response.counts_response_id() {
            self.response_id += 1;
        }
        let frame = encode_frame(&payload, MAX_MESSAGE_SIZE).map_err(io::Error::other)?;
        let mut output = io::stdout().lock();
        output.write_all(&frame)?;
        output.flush()
    }
}
