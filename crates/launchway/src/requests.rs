//! What can be asked of a plugin, one method for each request.

use std::sync::Arc;

use launcher_api::job::JobFields;
use launcher_api::message_type::RequestType;
use launcher_api::request::{
    Caller, ClusterInfoRequest, ConfigReload, ControlJob, ControlOperation, GetJobs, JobFilter,
    JobNetworkRequest, LoadBalancerNode, OpenJobOutput, OpenJobResourceUtil, OpenJobStatus, OutputSelection,
    SetLoadBalancerNodes, StreamRequest, SubmitJob,
};
use launcher_api::response::{ClusterInfo, ControlJobResponse, JobNetwork, ReloadError};
use launcher_api::{Job, JobId, JobSelector, RequestBody, Requester, Response};

use crate::{ClientError, OutputStream, PluginClient, ResourceStream, StatusStream};

/// Every method fails with [`ClientError::Plugin`] when the plugin refuses, and otherwise as
/// [`ClientError`] says. A call whose future is dropped was or was not carried out: its answer is thrown away.
impl PluginClient {
    /// Launches a job (Submit Job). The answer is the job with its id, Pending.
    ///
    /// # Errors
    /// See the other variants of [`ClientError`]; a plugin refuses a job that cannot be with error 2.
    pub async fn submit(&self, user: &Requester, job: Job) -> Result<Job, ClientError> {
        let body = RequestBody::SubmitJob(SubmitJob { who: self.caller(user), job: Box::new(job) });
        only_one(RequestType::SubmitJob, self.ask(body).await?)
    }

    /// One job (Get Job).
    ///
    /// # Errors
    /// Error 3 of the plugin if there is no such job or `user` may not see it.
    pub async fn job(&self, user: &Requester, job: &JobId) -> Result<Job, ClientError> {
        let response =
            self.get_jobs(user, JobSelector::One(job.clone()), JobFilter::default(), JobFields::ALL);
        only_one(RequestType::GetJobs, response.await?)
    }

    /// All jobs that `user` sees and the filter lets through (Get Jobs), by id.
    ///
    /// # Errors
    /// See [`ClientError`]. No hit is an empty list.
    pub async fn jobs(&self, user: &Requester, filter: JobFilter) -> Result<Vec<Job>, ClientError> {
        self.jobs_with_fields(user, filter, JobFields::ALL).await
    }

    /// As [`jobs`](Self::jobs), each with only some of its fields; the others are as in `Job::default()`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn jobs_with_fields(
        &self,
        user: &Requester,
        filter: JobFilter,
        fields: JobFields,
    ) -> Result<Vec<Job>, ClientError> {
        match self.get_jobs(user, JobSelector::All, filter, fields).await? {
            Response::JobState(state) => Ok(state.jobs.into_iter().map(Arc::unwrap_or_clone).collect()),
            other => Err(unfitting(RequestType::GetJobs, &other)),
        }
    }

    /// Watches the states of one job or all (Job Status stream).
    ///
    /// # Errors
    /// [`ClientError::Gone`]. That the job does not exist is told by the stream.
    pub async fn status_stream(
        &self,
        user: &Requester,
        jobs: JobSelector,
    ) -> Result<StatusStream, ClientError> {
        let open = OpenJobStatus { who: self.caller(user), selector: jobs };
        let body = RequestBody::JobStatusStream(StreamRequest::Open(open));
        self.open(body, StatusStream::new(self.options().stream_queue)).await
    }

    /// Reads a job's output from its beginning (Job Output stream).
    ///
    /// # Errors
    /// [`ClientError::Gone`]. That the job or its output does not exist is told by the stream.
    pub async fn output_stream(
        &self,
        user: &Requester,
        job: &JobId,
        streams: OutputSelection,
    ) -> Result<OutputStream, ClientError> {
        let open = OpenJobOutput { who: self.caller(user), job: job.clone(), streams };
        let body = RequestBody::JobOutputStream(StreamRequest::Open(open));
        self.open(body, OutputStream::new(self.options().stream_queue)).await
    }

    /// Watches what a running job uses (Job Resource Utilization stream).
    ///
    /// # Errors
    /// [`ClientError::Gone`]. That the job does not exist or run is told by the stream.
    pub async fn resource_stream(
        &self,
        user: &Requester,
        job: &JobId,
    ) -> Result<ResourceStream, ClientError> {
        let open = OpenJobResourceUtil { who: self.caller(user), job: job.clone() };
        let body = RequestBody::JobResourceUtilStream(StreamRequest::Open(open));
        self.open(body, ResourceStream::new(self.options().stream_queue)).await
    }

    /// Suspends, resumes, stops, kills or cancels a job (Control Job). The new state comes by other ways.
    ///
    /// # Errors
    /// Errors 1, 3, 8 and 9 of the plugin. An answer with `operation_complete: false` is no error here.
    pub async fn control(
        &self,
        user: &Requester,
        job: &JobId,
        operation: ControlOperation,
    ) -> Result<ControlJobResponse, ClientError> {
        let body =
            RequestBody::ControlJob(ControlJob { who: self.caller(user), job: job.clone(), operation });
        match self.ask(body).await? {
            Response::ControlJob(outcome) => Ok(outcome),
            other => Err(unfitting(RequestType::ControlJob, &other)),
        }
    }

    /// Where a job runs (Job Network).
    ///
    /// # Errors
    /// Error 3 of the plugin for an unknown job, 6 for one that has no host yet.
    pub async fn network(&self, user: &Requester, job: &JobId) -> Result<JobNetwork, ClientError> {
        let body = RequestBody::JobNetwork(JobNetworkRequest { who: self.caller(user), job: job.clone() });
        match self.ask(body).await? {
            Response::JobNetwork(answer) => Ok(answer.network),
            other => Err(unfitting(RequestType::JobNetwork, &other)),
        }
    }

    /// What the cluster offers to `user` (Cluster Info).
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn cluster_info(&self, user: &Requester) -> Result<ClusterInfo, ClientError> {
        let body = RequestBody::ClusterInfo(ClusterInfoRequest { who: self.caller(user) });
        match self.ask(body).await? {
            Response::ClusterInfo(answer) => Ok(answer.info),
            other => Err(unfitting(RequestType::ClusterInfo, &other)),
        }
    }

    /// Lets the plugin read its configuration again (Config Reload). The inner result is the plugin's word on it.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn reload(&self, user: &Requester) -> Result<Result<(), ReloadError>, ClientError> {
        let body = RequestBody::ConfigReload(ConfigReload { who: self.caller(user) });
        match self.ask(body).await? {
            Response::ConfigReload(answer) => Ok(answer.error.map_or(Ok(()), Err)),
            other => Err(unfitting(RequestType::ConfigReload, &other)),
        }
    }

    /// Tells the plugin which Launchers share the load (Set Load Balancer Nodes).
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn set_load_balancer_nodes(
        &self,
        user: &Requester,
        nodes: Vec<LoadBalancerNode>,
    ) -> Result<(), ClientError> {
        let body = RequestBody::SetLoadBalancerNodes(SetLoadBalancerNodes { who: self.caller(user), nodes });
        match self.ask(body).await? {
            Response::SetLoadBalancerNodes(_) => Ok(()),
            other => Err(unfitting(RequestType::SetLoadBalancerNodes, &other)),
        }
    }

    async fn get_jobs(
        &self,
        user: &Requester,
        selector: JobSelector,
        filter: JobFilter,
        fields: JobFields,
    ) -> Result<Response, ClientError> {
        self.ask(RequestBody::GetJobs(GetJobs { who: self.caller(user), selector, filter, fields })).await
    }

    fn caller(&self, user: &Requester) -> Caller {
        let caller = Caller::new(user.clone());
        match &self.options().request_username {
            Some(name) => Caller { request_username: name.clone(), ..caller },
            None => caller,
        }
    }
}

fn only_one(what: RequestType, response: Response) -> Result<Job, ClientError> {
    let Response::JobState(mut state) = response else { return Err(unfitting(what, &response)) };
    match (state.jobs.pop(), state.jobs.len()) {
        (Some(job), 0) => Ok(Arc::unwrap_or_clone(job)),
        (None, _) => Err(ClientError::Unfitting { what: what.into(), why: "it holds no job".to_owned() }),
        (Some(_), more) => Err(ClientError::Unfitting {
            what: what.into(),
            why: format!("it holds {} jobs, not one", more + 1),
        }),
    }
}

fn unfitting(what: RequestType, found: &Response) -> ClientError {
    let why =
        format!("expected a message of type {}, found {}", what.response().number(), found.message_type());
    ClientError::Unfitting { what: what.into(), why }
}
