//! A compressed watch: each piece can be read as soon as it has come.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, StreamExt, stream};

/// Compresses every piece as it comes.
pub(super) fn pieces(
    plain: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let encoder = GzEncoder::new(Vec::new(), Compression::fast());
    stream::unfold(Some((plain.boxed(), encoder)), |state| async {
        let (mut plain, mut encoder) = state?;
        match plain.next().await {
            Some(Ok(piece)) => match write(&mut encoder, &piece) {
                Ok(compressed) => Some((Ok(compressed), Some((plain, encoder)))),
                Err(error) => Some((Err(error), None)),
            },
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((encoder.finish().map(Bytes::from), None)),
        }
    })
}

fn write(encoder: &mut GzEncoder<Vec<u8>>, piece: &[u8]) -> io::Result<Bytes> {
    encoder.write_all(piece)?;
    encoder.flush()?;
    Ok(Bytes::from(std::mem::take(encoder.get_mut())))
}
