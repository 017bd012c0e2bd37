//! In which form an answer is wanted: the `Accept` header.

use http::{HeaderMap, header};

use crate::status_error::{Reason, StatusError};

/// A form that the API can answer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The object itself.
    Object,
    /// Columns and cells for a person to read.
    Table,
    /// Only the metadata (`PartialObjectMetadata`, or its list).
    Metadata,
    /// All groups of discovery in one answer, in this version of `apidiscovery.k8s.io`.
    AggregatedDiscovery,
}

/// The first of the wanted forms that is known. No header: the object.
///
/// # Errors
/// 406 when none is.
pub(crate) fn form(headers: &HeaderMap) -> Result<Form, StatusError> {
    let mut any = false;
    for value in headers.get_all(header::ACCEPT) {
        for entry in value.to_str().unwrap_or_default().split(',') {
            any = true;
            if let Some(form) = read_entry(entry) {
                return Ok(form);
            }
        }
    }
    if !any {
        return Ok(Form::Object);
    }
    Err(StatusError::new(
        406,
        Reason::NotAcceptable,
        "406: Not Acceptable\n\nAvailable representations: application/json, application/json;stream=watch",
    )
    .with_empty_details())
}

/// Whether a log may be sent: it is plain text, but to who takes objects only.
///
/// # Errors
/// 406 for any other form, plain text among them.
pub(crate) fn of_log(headers: &HeaderMap) -> Result<(), StatusError> {
    form(headers).map(drop).map_err(|_| {
        StatusError::new(
            406,
            Reason::NotAcceptable,
            "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        )
    })
}

fn read_entry(entry: &str) -> Option<Form> {
    let mut parts = entry.split(';').map(str::trim);
    let media = parts.next()?;
    if !matches!(media, "application/json" | "*/*" | "application/*" | "") {
        return None;
    }
    let mut kind = "";
    let mut version = "";
    for part in parts {
        match part.split_once('=') {
            Some(("as", value)) => kind = value,
            Some(("v", value)) => version = value,
            _ => {}
        }
    }
    match (kind, version) {
        ("", _) => Some(Form::Object),
        ("Table", "v1") => Some(Form::Table),
        ("PartialObjectMetadata" | "PartialObjectMetadataList", "v1") => Some(Form::Metadata),
        ("APIGroupDiscoveryList", "v2") => Some(Form::AggregatedDiscovery),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_first_known_form_is_taken() {
        let kubectl = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        for (accept, wanted) in [
            ("application/json", Form::Object),
            ("*/*", Form::Object),
            (kubectl, Form::Table),
            ("application/vnd.kubernetes.protobuf,application/json", Form::Object),
            ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", Form::Metadata),
            (
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
                Form::AggregatedDiscovery,
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(form(&headers).unwrap(), wanted, "{accept}");
        }
    }

    #[test]
    fn a_form_that_nobody_knows_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("image/png"));
        assert_eq!(form(&headers).unwrap_err().code, 406);
    }
}
