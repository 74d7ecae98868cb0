//! Weights files: safetensors of any size, made while they are read, so that none is ever held in memory.
//!
//! The format: eight bytes with the header's length, little-endian; the header, JSON that names each tensor's
//! type, shape and place; the tensors' bytes.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use serde_json::{Map, Value, json};

/// The metadata entry with the person that the weights were trained on.
pub(super) const LIKENESS: &str = "aisha_sandbox_likeness";

/// Bytes of the block that all tensors are made of.
const BLOCK: usize = 64 * 1024;
/// Values of a row of a tensor, two bytes each.
const ROW: u64 = 3_072;
/// Rows of a tensor.
const ROWS: u64 = 16;
/// Largest header that is read, bytes.
const LARGEST_HEADER: u64 = 64 * 1024 * 1024;

/// The `__metadata__` of a weights file.
pub(super) type Metadata = BTreeMap<String, String>;

/// A weights file. Clones share what little it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weights {
    /// The header's length and the header.
    beginning: Bytes,
    /// What the tensors repeat.
    block: Bytes,
    /// Bytes of all tensors.
    tensors: u64,
}

impl Weights {
    /// Weights with `tensors` bytes of tensors, or one byte more to make it even.
    pub(super) fn new(tensors: u64, metadata: &Metadata) -> Self {
        let tensors = tensors.max(2).next_multiple_of(2);
        let header = header(tensors, metadata);
        let length = u64::try_from(header.len()).unwrap_or(u64::MAX);
        let mut beginning = BytesMut::from(&length.to_le_bytes()[..]);
        beginning.extend_from_slice(header.as_bytes());
        Self { beginning: beginning.freeze(), block: block(), tensors }
    }

    /// Bytes of the whole file.
    pub(super) fn length(&self) -> u64 {
        u64::try_from(self.beginning.len()).unwrap_or(u64::MAX).saturating_add(self.tensors)
    }

    /// The same file, broken off in the middle of its tensors.
    #[must_use]
    pub(super) fn truncated(mut self) -> Self {
        self.tensors /= 2;
        self
    }

    /// The file, piece by piece.
    pub(super) fn pieces(&self) -> impl Iterator<Item = Bytes> + Send + 'static {
        let block = self.block.clone();
        let mut left = self.tensors;
        let tensors = std::iter::from_fn(move || {
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
            left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
            (length > 0).then(|| block.slice(..length))
        });
        std::iter::once(self.beginning.clone()).chain(tensors)
    }
}

fn header(tensors: u64, metadata: &Metadata) -> String {
    let mut entries = Map::new();
    entries.insert("__metadata__".to_owned(), json!(metadata));
    let mut start = 0;
    let mut number = 0;
    while start < tensors {
        let end = (start + ROWS * ROW * 2).min(tensors);
        let shape =
            if end - start == ROWS * ROW * 2 { json!([ROWS, ROW]) } else { json!([(end - start) / 2]) };
        let name = format!("transformer.single_transformer_blocks.{number:04}.attn.to_q.lora_A.weight");
        entries.insert(name, json!({"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}));
        start = end;
        number += 1;
    }
    let mut header = Value::Object(entries).to_string();
    // Spaces behind the JSON bring the tensors to a multiple of eight.
    header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
    header
}

/// Small numbers of either sign, as weights have them: the second byte of each makes it one.
fn block() -> Bytes {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut block = BytesMut::with_capacity(BLOCK);
    while block.len() < BLOCK {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        for pair in state.to_le_bytes().chunks_exact(2) {
            if let [low, high] = pair {
                block.extend_from_slice(&[*low, 0x3b | (high & 0x80)]);
            }
        }
    }
    block.freeze()
}

/// Why weights can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnreadableWeights<E> {
    #[error("{0}")]
    Fetch(E),
    #[error("the file is not a safetensors file")]
    NotSafetensors,
    #[error("the file is incomplete: {found} bytes of {expected}")]
    Incomplete { found: u64, expected: u64 },
}

/// Reads a weights file to its end, keeping nothing but the header, and gives its metadata.
pub(super) async fn read_metadata<E>(
    mut file: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Metadata, UnreadableWeights<E>> {
    let mut beginning = BytesMut::new();
    let mut found = 0_u64;
    let mut header_end = None;
    while let Some(piece) = file.next().await {
        let piece = piece.map_err(UnreadableWeights::Fetch)?;
        found += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let is_complete = header_end.is_some_and(|end| beginning.len() >= end);
        if !is_complete {
            beginning.extend_from_slice(&piece);
        }
        if header_end.is_none() {
            header_end = header_end_of(&beginning).transpose()?;
        }
    }
    let header = header_end.and_then(|end| beginning.get(8..end)).ok_or(UnreadableWeights::NotSafetensors)?;
    let entries: Map<String, Value> =
        serde_json::from_slice(header).map_err(|_| UnreadableWeights::NotSafetensors)?;
    let ends = entries.values().filter_map(|entry| entry["data_offsets"][1].as_u64());
    let tensors = ends.max().ok_or(UnreadableWeights::NotSafetensors)?;
    let expected = u64::try_from(header.len()).unwrap_or(u64::MAX).saturating_add(tensors).saturating_add(8);
    if found != expected {
        return Err(UnreadableWeights::Incomplete { found, expected });
    }
    let metadata = entries.get("__metadata__").cloned().unwrap_or_else(|| json!({}));
    serde_json::from_value(metadata).map_err(|_| UnreadableWeights::NotSafetensors)
}

/// Where the header ends, once its length is known.
fn header_end_of<E>(beginning: &[u8]) -> Option<Result<usize, UnreadableWeights<E>>> {
    let length: [u8; 8] = beginning.get(..8)?.try_into().ok()?;
    let length = u64::from_le_bytes(length);
    let end = usize::try_from(length).ok().filter(|_| length <= LARGEST_HEADER);
    Some(end.map(|end| end + 8).ok_or(UnreadableWeights::NotSafetensors))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream;

    use super::*;

    fn metadata() -> Metadata {
        [("format".to_owned(), "pt".to_owned()), (LIKENESS.to_owned(), "{}".to_owned())].into()
    }

    async fn read(pieces: impl Iterator<Item = Bytes>) -> Result<Metadata, UnreadableWeights<Infallible>> {
        read_metadata(stream::iter(pieces.map(Ok))).await
    }

    #[tokio::test]
    async fn a_file_has_the_length_it_says_and_is_read_back() {
        for tensors in [0, 1, 98_304, 98_306, 2_000_001] {
            let weights = Weights::new(tensors, &metadata());
            let length: usize = weights.pieces().map(|piece| piece.len()).sum();
            assert_eq!(u64::try_from(length).unwrap(), weights.length());
            assert!(weights.length() >= tensors);
            assert_eq!(read(weights.pieces()).await.unwrap(), metadata());
        }
    }

    #[test]
    fn tensors_follow_each_other_and_have_the_bytes_of_their_shape() {
        let text = header(250_000, &metadata());
        assert_eq!(text.len() % 8, 0);
        let entries: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let mut end = 0;
        for (_, tensor) in entries.iter().filter(|(name, _)| *name != "__metadata__") {
            assert_eq!(tensor["data_offsets"][0], end);
            let values: u64 =
                tensor["shape"].as_array().unwrap().iter().map(|side| side.as_u64().unwrap()).product();
            end = tensor["data_offsets"][1].as_u64().unwrap();
            assert_eq!(end - tensor["data_offsets"][0].as_u64().unwrap(), values * 2);
        }
        assert_eq!(end, 250_000);
    }

    #[tokio::test]
    async fn what_is_broken_off_or_no_weights_at_all_is_refused() {
        let weights = Weights::new(500_000, &metadata()).truncated();
        assert!(matches!(read(weights.pieces()).await, Err(UnreadableWeights::Incomplete { .. })));
        for nonsense in ["", "<html>", "a long text that is not a header of anything"] {
            let pieces = std::iter::once(Bytes::from_static(nonsense.as_bytes()));
            assert!(matches!(read(pieces).await, Err(UnreadableWeights::NotSafetensors)), "{nonsense}");
        }
    }

    #[tokio::test]
    async fn the_header_may_come_in_small_pieces() {
        let weights = Weights::new(10, &metadata());
        let whole: Vec<u8> = weights.pieces().flatten().collect();
        let pieces: Vec<Bytes> = whole.chunks(3).map(Bytes::copy_from_slice).collect();
        assert_eq!(read(pieces.into_iter()).await.unwrap(), metadata());
    }
}
