//! What a stored file consists of.

use bytes::{Bytes, BytesMut};

use super::weights::Weights;

/// The bytes of a file, or how to make them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Held in memory, in the parts in which it came.
    Held(Vec<Bytes>),
    /// Made while it is read.
    Weights(Weights),
}

impl Content {
    /// Bytes of the whole file.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Held(_) => u64::try_from(self.in_memory()).unwrap_or(u64::MAX),
            Self::Weights(weights) => weights.length(),
        }
    }

    /// Bytes that it takes in memory; what weights take is not worth counting.
    pub(super) fn in_memory(&self) -> usize {
        match self {
            Self::Held(parts) => parts.iter().map(Bytes::len).sum(),
            Self::Weights(_) => 0,
        }
    }

    /// The file, piece by piece.
    pub(super) fn pieces(self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        match self {
            Self::Held(parts) => Box::new(parts.into_iter()),
            Self::Weights(weights) => Box::new(weights.pieces()),
        }
    }

    /// The whole file; none when it is larger than `most` bytes.
    pub(super) fn whole(self, most: usize) -> Option<Bytes> {
        if self.length() > u64::try_from(most).unwrap_or(u64::MAX) {
            return None;
        }
        if let Self::Held(parts) = &self
            && let [only] = parts.as_slice()
        {
            return Some(only.clone());
        }
        let mut whole = BytesMut::new();
        self.pieces().for_each(|piece| whole.extend_from_slice(&piece));
        Some(whole.freeze())
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Held(vec![bytes])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_a_whole_within_a_limit() {
        let content = Content::Held(vec![Bytes::from_static(b"ab"), Bytes::from_static(b"c")]);
        assert_eq!((content.length(), content.in_memory()), (3, 3));
        assert_eq!(content.clone().whole(3).unwrap(), "abc");
        assert_eq!(content.whole(2), None);
        let weights = Content::Weights(Weights::new(1_000_000, &[].into()));
        assert_eq!(weights.in_memory(), 0);
        assert!(weights.length() > 1_000_000);
    }
}
