//! `POST` to a collection.

use http::{Request, StatusCode};
use hyper::body::Incoming;

use super::{
    Api, body, decode, handle::Answer, query::Query, read::answer_object, write_options::WriteOptions,
};
use crate::{kind::Kind, status_error::StatusError};

impl Api {
    /// # Errors
    /// 400, 403, 404, 409, 413, 415, 422, as the registry and the decoder say.
    pub(super) async fn create(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        request: Request<Incoming>,
        query: &Query,
    ) -> Result<Answer, StatusError> {
        let options = WriteOptions::read(query, "CreateOptions")?;
        let (parts, incoming) = request.into_parts();
        let media = body::media_type(&parts.headers)?;
        let bytes = body::read(incoming).await?;
        let decoded = decode::object(kind, media, &bytes, options.validation)?;
        let mut warnings = decoded.warnings;
        let created =
            self.registry.create_by_request(kind, namespace, decoded.value, options.commit, &mut warnings)?;
        let response = answer_object(StatusCode::CREATED, &created, query, &parts.headers)?;
        Ok(Answer { response, warnings })
    }
}
