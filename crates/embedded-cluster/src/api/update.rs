//! `PUT` of an object or its status.

use http::{Request, StatusCode};
use hyper::body::Incoming;

use super::{
    Api, body, decode, handle::Answer, query::Query, read::answer_object, request_info::ResourcePath,
    write_options::WriteOptions,
};
use crate::{
    kind::Kind,
    registry::{Part, Target},
    status_error::StatusError,
};

impl Api {
    /// # Errors
    /// 400, 404, 409, 413, 415, 422, as the registry and the decoder say.
    pub(super) async fn update(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        path: &ResourcePath,
        request: Request<Incoming>,
        query: &Query,
    ) -> Result<Answer, StatusError> {
        let options = WriteOptions::read(query, "UpdateOptions")?;
        let (parts, incoming) = request.into_parts();
        let media = body::media_type(&parts.headers)?;
        let bytes = body::read(incoming).await?;
        let decoded = decode::object(kind, media, &bytes, options.validation)?;
        let mut warnings = decoded.warnings;
        let value = decoded.value;
        let target = Target { kind, namespace, name, part: Part::of(path.subresource.as_deref()) };
        let written =
            self.registry.update_by_request(&target, options.commit, &mut warnings, |_| Ok(value.clone()))?;
        let response = answer_object(StatusCode::OK, &written, query, &parts.headers)?;
        Ok(Answer { response, warnings })
    }
}
