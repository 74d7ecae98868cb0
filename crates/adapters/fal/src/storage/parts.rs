//! A stream cut into parts of one size.

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use kernel::{ByteStream, FailureClass, ProviderError};

/// The size of every part but the last, in bytes.
const PART: usize = 10 * 1024 * 1024;

/// The parts of a stream. One part is held in memory, and the pieces of the stream as they come.
pub(super) struct Parts {
    stream: ByteStream,
    /// What is left of the latest piece.
    rest: Bytes,
}

impl Parts {
    pub(super) fn new(stream: ByteStream) -> Self {
        Self { stream, rest: Bytes::new() }
    }

    /// The next part; `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ProviderError> {
        let mut part = BytesMut::with_capacity(PART);
        while part.len() < PART {
            if self.rest.is_empty() {
                match self.stream.next().await {
                    Some(piece) => self.rest = piece.map_err(unreadable)?,
                    None => break,
                }
            }
            let taken = self.rest.split_to(self.rest.len().min(PART - part.len()));
            part.extend_from_slice(&taken);
        }
        Ok((!part.is_empty()).then(|| part.freeze()))
    }
}

fn unreadable(error: kernel::BoxError) -> ProviderError {
    let detail = "the object that is to be lent cannot be read to its end";
    ProviderError::new(FailureClass::Unavailable, "object-unreadable", detail).caused_by(error)
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    #[tokio::test]
    async fn parts_have_one_size_whatever_the_pieces_have() {
        let pieces = [PART - 1, 0, 2, 2 * PART, 5].map(|length| Ok(Bytes::from(vec![7; length])));
        let mut parts = Parts::new(stream::iter(pieces).boxed());
        let mut lengths = Vec::new();
        while let Some(part) = parts.next().await.unwrap() {
            lengths.push(part.len());
        }
        assert_eq!(lengths, [PART, PART, PART, 6]);
    }
}
