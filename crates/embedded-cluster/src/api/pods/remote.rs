//! `…/pods/x/attach` and `…/pods/x/exec`.

use http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use super::{
    super::{
        Api, RequestInfo,
        query::Query,
        request_info::{ResourcePath, Verb},
        response::{self, Body, Origin},
    },
    channels, target,
    upgrade::{Handshake, NoHandshake},
};
use crate::{
    auth::{Attributes, User},
    kind::Kind,
    node::{AttachQuery, ExecQuery, StreamRefusal},
    status_error::StatusError,
};

impl Api {
    /// Opens the streams of a container, or starts a command in it, and turns the connection into a websocket.
    ///
    /// # Errors
    /// As the API server refuses: 400, 403, 404. The kubelet's refusals may be plain text and are answers.
    pub(in crate::api) async fn remote(
        &self,
        mut request: Request<Incoming>,
        info: &RequestInfo,
        path: &ResourcePath,
        user: &User,
    ) -> Result<Response<Body>, StatusError> {
        if !matches!(info.verb, Verb::Get | Verb::Create) {
            return Err(StatusError::method_not_allowed());
        }
        if self.settings.release.asks_create_of_websockets() {
            self.require_create(path, user)?;
        }
        let name = path.name.as_deref().unwrap_or_default();
        let pod = self.registry.store().get(Kind::Pod, path.namespace.as_deref(), name)?;
        let container = target::container(&pod, info.query.get("container"))?;
        if !target::has_node(&pod) {
            return Err(StatusError::bad_request(format!("pod {name} does not have a host assigned")));
        }
        let handshake = match Handshake::read(request.headers()) {
            Ok(handshake) => handshake,
            Err(NoHandshake::NotAsked) => return Err(StatusError::bad_request("Upgrade request required")),
            Err(NoHandshake::UnknownProtocol) => return Ok(kubelet(response::empty(StatusCode::FORBIDDEN))),
        };
        if !takes_anything(request.headers()) {
            let text = "406: Not Acceptable\n\nAvailable representations: ";
            return Ok(kubelet(response::text(StatusCode::NOT_ACCEPTABLE, text)));
        }
        let streams = wanted_streams(container, &info.query);
        if !(streams.stdin || streams.stdout || streams.stderr) {
            let text = "you must specify at least 1 of stdin, stdout, stderr";
            return Ok(kubelet(response::text(StatusCode::BAD_REQUEST, text)));
        }
        let command = info.query.all("command");
        let opened = if path.subresource.as_deref() == Some("exec") {
            self.streams.exec(pod, ExecQuery { streams, command: command.clone() }).await
        } else {
            self.streams.attach(pod, streams).await
        };
        let remote = match opened {
            Ok(remote) => remote,
            Err(StreamRefusal::Status(error)) => return Err(error),
            Err(StreamRefusal::Text { code, text }) => {
                let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return Ok(kubelet(response::text(code, text)));
            }
        };
        let answer = kubelet(handshake.answer());
        let cut = self.faults.cut_signal();
        let upgrade = hyper::upgrade::on(&mut request);
        self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(async move {
            let work = async {
                match upgrade.await {
                    Ok(socket) => {
                        channels::run(TokioIo::new(socket), handshake.protocol, &command, remote).await
                    }
                    Err(error) => {
                        tracing::debug!(%error, "a connection was not upgraded");
                        Ok(())
                    }
                }
            };
            tokio::select! {
                () = cut.cancelled() => {}
                ended = work => if let Err(error) = ended {
                    tracing::debug!(%error, "a websocket ended");
                }
            }
        }));
        Ok(answer)
    }

    /// A websocket's handshake is a `GET`, but what it does is a `create`: since 1.35 both rights are asked.
    fn require_create(&self, path: &ResourcePath, user: &User) -> Result<(), StatusError> {
        let wanted = path.attributes(Verb::Create);
        if self.authorizer.decide(user, &Attributes::Resource(wanted.clone())).is_allowed() {
            Ok(())
        } else {
            Err(wanted.refuse(""))
        }
    }
}

fn kubelet(response: Response<Body>) -> Response<Body> {
    response::from(Origin::Kubelet, response)
}

/// The kubelet answers in no form that has a name: a client that does not take `*/*` gets nothing.
fn takes_anything(headers: &HeaderMap) -> bool {
    let mut entries = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|entry| entry.split(';').next().unwrap_or_default().trim())
        .peekable();
    entries.peek().is_none() || entries.any(|entry| entry == "*/*")
}

fn wanted_streams(container: String, query: &Query) -> AttachQuery {
    AttachQuery {
        container,
        stdin: query.flag("stdin"),
        stdout: query.flag("stdout"),
        stderr: query.flag("stderr"),
        tty: query.flag("tty"),
    }
}
