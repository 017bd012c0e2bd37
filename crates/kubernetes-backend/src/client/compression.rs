//! Compressed answers: an API server compresses what is larger than 128 KiB, if it may.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use super::FailureKind;

/// What may be asked for.
pub(super) const ACCEPTED: &str = "gzip";

/// The body as it was before it was compressed, at most `limit` bytes.
pub(super) fn undone(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, FailureKind> {
    let broken = |reason: String| FailureKind::Broken { reason };
    match headers.get(CONTENT_ENCODING).map(http::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(body),
        Some(b"gzip") => {
            let most = u64::try_from(limit).unwrap_or(u64::MAX);
            let mut plain = Vec::new();
            GzDecoder::new(&*body)
                .take(most.saturating_add(1))
                .read_to_end(&mut plain)
                .map_err(|error| broken(format!("the compressed answer can't be read: {error}")))?;
            if plain.len() > limit {
                return Err(broken(format!("the compressed answer holds more than {limit} bytes")));
            }
            Ok(plain.into())
        }
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(broken(format!("the answer is compressed as {other:?}, which was not asked for")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;

    fn headers(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, http::HeaderValue::from_static(encoding))])
    }

    fn gzip(text: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("a vector takes all");
        encoder.finish().expect("a vector takes all").into()
    }

    #[test]
    fn an_answer_is_the_same_compressed_or_not() {
        let plain = Bytes::from_static(b"[1, 2]");
        assert_eq!(undone(&HeaderMap::new(), plain.clone(), 6), Ok(plain.clone()));
        assert_eq!(undone(&headers("gzip"), gzip(&plain), 6), Ok(plain));
    }

    #[test]
    fn an_answer_cannot_hold_more_than_it_may() {
        let zeros = gzip(&[0; 100_000]);
        assert!(undone(&headers("gzip"), zeros.clone(), 100_000).is_ok());
        assert!(undone(&headers("gzip"), zeros, 99_999).is_err());
    }

    #[test]
    fn a_broken_or_foreign_compression_is_a_broken_answer() {
        let whole = gzip(b"some text");
        for (encoding, body) in
            [("gzip", whole.slice(..whole.len() - 4)), ("br", whole), ("gzip", Bytes::from_static(b"{}"))]
        {
            assert!(
                matches!(undone(&headers(encoding), body, 100), Err(FailureKind::Broken { .. })),
                "{encoding}"
            );
        }
    }
}
