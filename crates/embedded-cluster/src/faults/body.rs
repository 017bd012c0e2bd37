//! A body that a failure may hold back or cut.

use std::{io, time::Duration};

use bytes::Bytes;
use futures::stream;
use http::Response;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use tokio::sync::watch;

use super::{Effect, until_speech};
use crate::api::Body;

/// Time for the bytes before a cut to leave.
const FLUSH: Duration = Duration::from_millis(20);

/// What becomes of a body after some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    None,
    Cut { left: u64 },
    Stall { left: u64 },
}

struct Guarded {
    body: Body,
    silent: watch::Receiver<bool>,
    limit: Limit,
}

/// Wraps an answer so that silence and the effects on bodies act on it.
pub(crate) fn guard(
    response: Response<Body>,
    effect: Option<&Effect>,
    silent: watch::Receiver<bool>,
) -> Response<Body> {
    let limit = match effect {
        Some(Effect::CutAfter(left)) => Limit::Cut { left: *left },
        Some(Effect::StallAfter(left)) => Limit::Stall { left: *left },
        _ => Limit::None,
    };
    let (parts, body) = response.into_parts();
    let short = hyper::body::Body::size_hint(&body).exact().is_some();
    if limit == Limit::None && short {
        // Nothing can happen to it between two frames; keeping it gives the answer a length.
        return Response::from_parts(parts, body);
    }
    let guarded = Guarded { body, silent, limit };
    let frames = stream::unfold(Some(guarded), |guarded| async {
        let mut guarded = guarded?;
        let frame = guarded.next().await?;
        let go_on = frame.is_ok();
        Some((frame, go_on.then_some(guarded)))
    });
    Response::from_parts(parts, StreamBody::new(frames).boxed_unsync())
}

impl Guarded {
    /// The next frame as far as the limit lets it through; `None` at the end.
    async fn next(&mut self) -> Option<io::Result<Frame<Bytes>>> {
        match self.limit {
            Limit::Cut { left: 0 } => {
                // While the body gives nothing, what was written is sent; an error would throw it away.
                tokio::time::sleep(FLUSH).await;
                return Some(Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut on purpose")));
            }
            Limit::Stall { left: 0 } => std::future::pending().await,
            _ => {}
        }
        let frame = self.body.frame().await?;
        until_speech(&mut self.silent).await;
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Some(Err(error)),
        };
        let Ok(mut data) = frame.into_data() else {
            return None;
        };
        if let Limit::Cut { left } | Limit::Stall { left } = &mut self.limit {
            let kept = usize::try_from(*left).unwrap_or(usize::MAX).min(data.len());
            data.truncate(kept);
            *left -= kept as u64;
        }
        Some(Ok(Frame::data(data)))
    }
}
