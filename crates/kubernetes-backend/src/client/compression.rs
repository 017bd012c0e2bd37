//! Compressed answers: an API server compresses what is larger than 128 KiB, if it may.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::GzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use super::FailureKind;

/// What may be asked for.
pub(super) const ACCEPTED: &str = "gzip";

/// A body as it was before it was compressed, while its pieces come.
pub(super) struct Plain {
    body: Body,
    limit: usize,
}

enum Body {
    AsItCame(Vec<u8>),
    Unpacked(Box<GzDecoder<Vec<u8>>>),
}

impl Plain {
    /// Nothing yet of an answer with these headers. Plain it may have at most `limit` bytes.
    pub(super) fn begin(headers: &HeaderMap, limit: usize) -> Result<Self, FailureKind> {
        let body = match headers.get(CONTENT_ENCODING).map(http::HeaderValue::as_bytes) {
            None | Some(b"identity") => Body::AsItCame(Vec::new()),
            Some(b"gzip") => Body::Unpacked(Box::new(GzDecoder::new(Vec::new()))),
            Some(other) => {
                let other = String::from_utf8_lossy(other);
                return Err(broken(format!(
                    "the answer is compressed as {other:?}, which was not asked for"
                )));
            }
        };
        Ok(Self { body, limit })
    }

    /// Takes in a piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), FailureKind> {
        match &mut self.body {
            Body::AsItCame(bytes) => bytes.extend_from_slice(piece),
            Body::Unpacked(decoder) => decoder.write_all(piece).map_err(|error| unreadable(&error))?,
        }
        check(self.so_far().len(), self.limit)
    }

    /// What is there.
    pub(super) fn so_far(&self) -> &[u8] {
        match &self.body {
            Body::AsItCame(bytes) => bytes,
            Body::Unpacked(decoder) => decoder.get_ref(),
        }
    }

    /// The whole of it, after the last piece.
    pub(super) fn end(self) -> Result<Bytes, FailureKind> {
        let Self { body, limit } = self;
        let bytes = match body {
            Body::AsItCame(bytes) => bytes,
            Body::Unpacked(decoder) => decoder.finish().map_err(|error| unreadable(&error))?,
        };
        check(bytes.len(), limit)?;
        Ok(bytes.into())
    }
}

fn check(found: usize, limit: usize) -> Result<(), FailureKind> {
    if found > limit { Err(broken(format!("the answer holds more than {limit} bytes"))) } else { Ok(()) }
}

fn unreadable(error: &io::Error) -> FailureKind {
    broken(format!("the compressed answer can't be read: {error}"))
}

fn broken(reason: String) -> FailureKind {
    FailureKind::Broken { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn headers(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, http::HeaderValue::from_static(encoding))])
    }

    fn gzip(text: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("a vector takes all");
        encoder.finish().expect("a vector takes all").into()
    }

    /// What comes of a body in two pieces.
    fn plain(headers: &HeaderMap, body: &[u8], limit: usize) -> Result<Bytes, FailureKind> {
        let mut plain = Plain::begin(headers, limit)?;
        let (first, second) = body.split_at(body.len() / 2);
        plain.push(first)?;
        plain.push(second)?;
        plain.end()
    }

    #[test]
    fn an_answer_is_the_same_compressed_or_not() {
        let text = Bytes::from_static(b"[1, 2]");
        assert_eq!(plain(&HeaderMap::new(), &text, 6), Ok(text.clone()));
        assert_eq!(plain(&headers("gzip"), &gzip(&text), 6), Ok(text));
    }

    #[test]
    fn the_beginning_of_an_answer_is_there_before_its_end() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let body = gzip(&text);
        let mut plain = Plain::begin(&headers("gzip"), text.len()).expect("a known compression");
        plain.push(&body[..body.len() / 2]).expect("a good beginning");
        let beginning = plain.so_far();
        assert!(beginning.len() > 4096 && text.starts_with(beginning));
    }

    #[test]
    fn an_answer_cannot_hold_more_than_it_may() {
        let zeros = gzip(&[0; 100_000]);
        assert!(plain(&headers("gzip"), &zeros, 100_000).is_ok());
        assert!(plain(&headers("gzip"), &zeros, 99_999).is_err());
        assert!(plain(&HeaderMap::new(), b"[1, 2]", 5).is_err());
    }

    #[test]
    fn a_broken_or_foreign_compression_is_a_broken_answer() {
        let whole = gzip(b"some text");
        for (encoding, body) in
            [("gzip", whole.slice(..whole.len() - 4)), ("br", whole), ("gzip", Bytes::from_static(b"{}"))]
        {
            assert!(
                matches!(plain(&headers(encoding), &body, 100), Err(FailureKind::Broken { .. })),
                "{encoding}"
            );
        }
    }
}
