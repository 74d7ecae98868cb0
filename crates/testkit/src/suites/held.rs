//! Memory that tells how much of it is in use.

use std::sync::{Arc, Mutex};

use bytes::Bytes;

/// Counts pieces of memory that somebody holds: now, and the most at once.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<(usize, usize)>>);

impl Held {
    /// A piece of this length in bytes, held until all its clones are dropped.
    pub(crate) fn piece(&self, length: usize) -> Bytes {
        self.change(|(now, most)| (now + 1, most.max(now + 1)));
        Bytes::from_owner(Piece { bytes: vec![7; length], held: self.clone() })
    }

    /// How many pieces are held now, and how many were at most.
    pub(crate) fn counts(&self) -> (usize, usize) {
        *self.0.lock().expect("counts")
    }

    fn change(&self, change: impl FnOnce((usize, usize)) -> (usize, usize)) {
        let mut counts = self.0.lock().expect("counts");
        *counts = change(*counts);
    }
}

struct Piece {
    bytes: Vec<u8>,
    held: Held,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.held.change(|(now, most)| (now - 1, most));
    }
}
