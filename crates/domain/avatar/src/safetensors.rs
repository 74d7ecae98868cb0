//! Whether bytes are whole weights: the outer form of a safetensors file, checked while it passes by.
//!
//! The file begins with the header's length (8 bytes, little-endian), then the header (a JSON object that names each
//! tensor's place among the data), then the data. (Format description of the safetensors project.)

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

/// The longest header, in bytes. Headers of real weights have some hundred kilobytes.
const LONGEST_HEADER: u64 = 16 * 1024 * 1024;
/// How many bytes tell the header's length.
const LENGTH_BYTES: usize = 8;

/// Why bytes are no whole weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeightsError {
    /// They do not begin as such a file does.
    #[error("the file does not begin with a safetensors header")]
    NotSafetensors,
    /// There are no tensors in them.
    #[error("the file holds no tensors")]
    Empty,
    /// They end before, or go on after, what the header says.
    #[error("the file has {actual} bytes and its header tells of {expected}")]
    WrongLength {
        /// What the header tells of.
        expected: u64,
        /// How many there are.
        actual: u64,
    },
}

#[derive(Deserialize)]
struct Tensor {
    data_offsets: (u64, u64),
}

/// Watches bytes pass by. Holds no more of them than the header.
#[derive(Debug, Default)]
pub struct WeightsCheck {
    start: Vec<u8>,
    bytes: u64,
}

impl WeightsCheck {
    /// The next bytes.
    pub fn see(&mut self, piece: &[u8]) {
        self.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let wanted = self.wanted();
        let missing = wanted.saturating_sub(self.start.len());
        self.start.extend_from_slice(&piece[..missing.min(piece.len())]);
        // The length has just become known: the header may begin within this very piece.
        let more = self.wanted().saturating_sub(wanted);
        if more > 0 {
            let rest = &piece[missing.min(piece.len())..];
            self.start.extend_from_slice(&rest[..more.min(rest.len())]);
        }
    }

    /// Whether the bytes that passed by are whole weights.
    ///
    /// # Errors
    /// When they are not.
    pub fn finish(self) -> Result<u64, WeightsError> {
        let header_length = self.header_length().ok_or(WeightsError::NotSafetensors)?;
        let end = usize::try_from(header_length)
            .ok()
            .and_then(|length| length.checked_add(LENGTH_BYTES))
            .ok_or(WeightsError::NotSafetensors)?;
        let header = self.start.get(LENGTH_BYTES..end).ok_or(WeightsError::NotSafetensors)?;
        let header: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(header).map_err(|_| WeightsError::NotSafetensors)?;
        let mut data_end = None;
        for (_, tensor) in header.into_iter().filter(|(name, _)| name != "__metadata__") {
            let tensor: Tensor = serde_json::from_value(tensor).map_err(|_| WeightsError::NotSafetensors)?;
            data_end = data_end.max(Some(tensor.data_offsets.1));
        }
        let data_end = data_end.filter(|end| *end > 0).ok_or(WeightsError::Empty)?;
        let start = u64::try_from(end).unwrap_or(u64::MAX);
        let expected = start.saturating_add(data_end);
        if expected == self.bytes {
            Ok(expected)
        } else {
            Err(WeightsError::WrongLength { expected, actual: self.bytes })
        }
    }

    fn header_length(&self) -> Option<u64> {
        let bytes: [u8; LENGTH_BYTES] = self.start.get(..LENGTH_BYTES)?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes)).filter(|length| (2..=LONGEST_HEADER).contains(length))
    }

    /// How many bytes from the start are needed, going by what is known.
    fn wanted(&self) -> usize {
        self.header_length()
            .and_then(|length| usize::try_from(length).ok())
            .map_or(LENGTH_BYTES, |length| LENGTH_BYTES + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: usize) -> Vec<u8> {
        let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.resize(bytes.len() + data, 7);
        bytes
    }

    fn check(bytes: &[u8], piece: usize) -> Result<u64, WeightsError> {
        let mut check = WeightsCheck::default();
        bytes.chunks(piece).for_each(|piece| check.see(piece));
        check.finish()
    }

    const HEADER: &str = r#"{"__metadata__":{"a":"b"},"x":{"dtype":"F16","shape":[2,4],"data_offsets":[0,16]},"y":{"dtype":"F16","shape":[2],"data_offsets":[16,20]}}"#;

    #[test]
    fn a_whole_file_is_whole_however_it_is_cut() {
        let bytes = file(HEADER, 20);
        for piece in [1, 3, 8, 9, 50, bytes.len()] {
            assert_eq!(check(&bytes, piece), Ok(u64::try_from(bytes.len()).unwrap()), "pieces of {piece}");
        }
    }

    #[test]
    fn a_truncated_or_longer_file_is_not_whole() {
        let bytes = file(HEADER, 19);
        let actual = u64::try_from(bytes.len()).unwrap();
        assert_eq!(check(&bytes, 7), Err(WeightsError::WrongLength { expected: actual + 1, actual }));
        assert!(matches!(check(&file(HEADER, 21), 7), Err(WeightsError::WrongLength { .. })));
        assert_eq!(check(&bytes[..40], 7), Err(WeightsError::NotSafetensors));
    }

    #[test]
    fn anything_else_is_no_safetensors_file() {
        for other in
            [&b""[..], b"{}", b"<html><body>404 not found</body></html>", &[255; 64], &file("[1]", 3)]
        {
            assert_eq!(check(other, 5), Err(WeightsError::NotSafetensors));
        }
        assert_eq!(check(&file("{}", 0), 5), Err(WeightsError::Empty));
    }
}
