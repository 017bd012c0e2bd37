//! `GET …/pods/x/log`.

use futures::stream;
use http::{HeaderMap, Response, StatusCode};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

use super::{
    super::{
        Api, ApiSettings, accept,
        query::Query,
        response::{self, Body},
    },
    target,
};
use crate::{
    builder::SplitLogStreams,
    kind::Kind,
    node::{LogQuery, LogSince, OutputStream, StreamRefusal},
    status_error::{Cause, Reason, StatusError},
};

impl Api {
    /// # Errors
    /// 404, 400 and 422 as the API server and the kubelet say.
    pub(in crate::api) async fn log(
        &self,
        namespace: Option<&str>,
        name: &str,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, StatusError> {
        accept::of_log(headers)?;
        let options = Options::read(name, query, self.settings)?;
        let pod = self.registry.store().get(Kind::Pod, namespace, name)?;
        let container = target::container(&pod, query.get("container"))?;
        if !target::has_node(&pod) {
            return Ok(response::empty(StatusCode::NO_CONTENT));
        }
        match self.streams.logs(pod, options.of(container)).await {
            Ok(pieces) => {
                let pieces = stream::unfold(pieces, |mut pieces| async {
                    let piece = pieces.recv().await?;
                    Some((piece, pieces))
                });
                Ok(response::stream("text/plain", pieces))
            }
            Err(StreamRefusal::Status(error)) => Err(error),
            Err(StreamRefusal::Text { code, text }) => {
                let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Ok(response::text(code, text))
            }
        }
    }
}

/// The query of a log, checked.
struct Options {
    follow: bool,
    previous: bool,
    timestamps: bool,
    since: Option<LogSince>,
    tail_lines: Option<u64>,
    limit_bytes: Option<u64>,
    stream: Option<OutputStream>,
}

impl Options {
    fn read(pod: &str, query: &Query, settings: ApiSettings) -> Result<Self, StatusError> {
        let since_seconds = number(query, "sinceSeconds")?;
        let since_time = query.get("sinceTime").map(time).transpose()?;
        let tail_lines = number(query, "tailLines")?;
        let limit_bytes = number(query, "limitBytes")?;
        let mut causes = Vec::new();
        if let Some(lines) = tail_lines.filter(|lines| *lines < 0) {
            causes.push(invalid("tailLines", lines, "must be greater than or equal to 0"));
        }
        if let Some(bytes) = limit_bytes.filter(|bytes| *bytes < 1) {
            causes.push(invalid("limitBytes", bytes, "must be greater than 0"));
        }
        if since_seconds.is_some() && since_time.is_some() {
            causes.push(forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else if let Some(seconds) = since_seconds.filter(|seconds| *seconds < 1) {
            causes.push(invalid("sinceSeconds", seconds, "must be greater than 0"));
        }
        let stream = match stream(query, settings, tail_lines) {
            Ok(stream) => stream,
            Err(cause) => {
                causes.push(cause);
                None
            }
        };
        if !causes.is_empty() {
            return Err(refused(pod, causes));
        }
        let since = since_time
            .map(LogSince::Time)
            .or_else(|| since_seconds.map(|seconds| LogSince::Seconds(seconds.unsigned_abs())));
        Ok(Options {
            follow: query.flag("follow"),
            previous: query.flag("previous"),
            timestamps: query.flag("timestamps"),
            since,
            tail_lines: tail_lines.map(i64::unsigned_abs),
            limit_bytes: limit_bytes.map(i64::unsigned_abs),
            stream,
        })
    }

    fn of(self, container: String) -> LogQuery {
        LogQuery {
            container,
            follow: self.follow,
            previous: self.previous,
            timestamps: self.timestamps,
            since: self.since,
            tail_lines: self.tail_lines,
            limit_bytes: self.limit_bytes,
            stream: self.stream,
        }
    }
}

/// Which of the two outputs is asked for, if that may be asked.
fn stream(
    query: &Query,
    settings: ApiSettings,
    tail_lines: Option<i64>,
) -> Result<Option<OutputStream>, Cause> {
    if !settings.release.knows_log_streams() {
        return Ok(None);
    }
    let wanted = match (query.given("stream"), settings.split_log_streams) {
        (None, _) => return Ok(None),
        (Some(_), SplitLogStreams::Off) => return Err(forbidden("stream", "may not be specified")),
        (Some("All"), SplitLogStreams::On) => return Ok(None),
        (Some("Stdout"), SplitLogStreams::On) => OutputStream::Stdout,
        (Some("Stderr"), SplitLogStreams::On) => OutputStream::Stderr,
        (Some(other), SplitLogStreams::On) => {
            return Err(Cause {
                reason: "FieldValueNotSupported",
                message: format!(
                    "Unsupported value: \"{other}\": supported values: \"Stdout\", \"Stderr\", \"All\""
                ),
                field: "stream".to_owned(),
            });
        }
    };
    if tail_lines.is_some() {
        return Err(forbidden("[]", "`tailLines` and specific `stream` are mutually exclusive for now"));
    }
    Ok(Some(wanted))
}

fn number(query: &Query, name: &str) -> Result<Option<i64>, StatusError> {
    query
        .get(name)
        .map(|text| {
            text.parse().map_err(|_| {
                StatusError::bad_request(format!("strconv.ParseInt: parsing \"{text}\": invalid syntax"))
            })
        })
        .transpose()
}

/// A time in whole seconds: the fraction is dropped on the way to the kubelet.
fn time(text: &str) -> Result<Timestamp, StatusError> {
    let parsed: Timestamp = text.parse().map_err(|_| {
        StatusError::bad_request(format!(
            "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\""
        ))
    })?;
    let whole = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    Ok(parsed.round(whole).unwrap_or(parsed))
}

fn invalid(field: &str, value: i64, rule: &str) -> Cause {
    Cause {
        reason: "FieldValueInvalid",
        message: format!("Invalid value: {value}: {rule}"),
        field: field.to_owned(),
    }
}

fn forbidden(field: &str, rule: &str) -> Cause {
    Cause { reason: "FieldValueForbidden", message: format!("Forbidden: {rule}"), field: field.to_owned() }
}

fn refused(pod: &str, causes: Vec<Cause>) -> StatusError {
    let lines: Vec<String> =
        causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    let text = match lines.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    StatusError::new(422, Reason::Invalid, format!("PodLogOptions \"{pod}\" is invalid: {text}"))
        .with_detail("name", pod.into())
        .with_detail("kind", "PodLogOptions".into())
        .with_causes(causes)
}
