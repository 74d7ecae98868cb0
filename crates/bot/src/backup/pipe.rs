//! From something that is written to something that is streamed.

use std::io::{self, ErrorKind, Write};

use bytes::Bytes;
use futures::stream;
use kernel::{BoxError, ByteStream};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// Pieces on their way at once; the writer waits while there are more.
const ON_THE_WAY: usize = 8;
/// The largest piece in bytes.
const PIECE: usize = 256 * 1024;

enum Piece {
    Bytes(Bytes),
    /// Everything was written. A stream that ends without it was broken off.
    End,
    Failed(io::Error),
}

/// What `write` writes, as a stream. It runs on a thread of its own and may block. When it fails, the stream does.
pub(super) fn streamed(write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> ByteStream {
    let (sender, receiver) = mpsc::channel(ON_THE_WAY);
    spawn_blocking(move || {
        let mut pipe = PipeWriter { sender, gathered: Vec::with_capacity(PIECE) };
        let last = match write(&mut pipe).and_then(|()| pipe.flush()) {
            Ok(()) => Piece::End,
            Err(error) => Piece::Failed(error),
        };
        if pipe.sender.blocking_send(last).is_err() {
            tracing::debug!("nobody reads any more");
        }
    });
    Box::pin(stream::unfold(Some(receiver), async |receiver| {
        let mut receiver: mpsc::Receiver<Piece> = receiver?;
        match receiver.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::End) => None,
            Some(Piece::Failed(error)) => Some((Err(BoxError::from(error)), None)),
            None => Some((Err("whoever wrote this has died".into()), None)),
        }
    }))
}

struct PipeWriter {
    sender: mpsc::Sender<Piece>,
    gathered: Vec<u8>,
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE - self.gathered.len();
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.gathered.extend_from_slice(taken);
        if self.gathered.len() == PIECE {
            self.flush()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.gathered, Vec::with_capacity(PIECE)));
        self.sender
            .blocking_send(Piece::Bytes(piece))
            .map_err(|_| io::Error::new(ErrorKind::BrokenPipe, "nobody reads any more"))
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn what_is_written_arrives_in_pieces() {
        let written: Vec<u8> = (0..=u8::MAX).cycle().take(3 * PIECE + 7).collect();
        let expected = written.clone();
        let pieces: Vec<Bytes> =
            streamed(move |pipe| pipe.write_all(&written)).map(Result::unwrap).collect().await;
        assert_eq!(pieces.len(), 4);
        assert_eq!(pieces.concat(), expected);
    }

    #[tokio::test]
    async fn what_is_broken_off_is_no_end() {
        let failing = streamed(|pipe| {
            pipe.write_all(b"half")?;
            Err(io::Error::other("the disk is gone"))
        });
        let last = failing.collect::<Vec<_>>().await.pop().unwrap();
        assert_eq!(last.unwrap_err().to_string(), "the disk is gone");
        let dying = streamed(|_| panic!("a mistake"));
        assert!(dying.collect::<Vec<_>>().await.pop().unwrap().is_err());
    }

    #[tokio::test]
    async fn a_writer_whose_reader_has_gone_is_told() {
        let (tell, told) = tokio::sync::oneshot::channel();
        let abandoned = streamed(move |pipe| {
            let piece = vec![0; PIECE];
            let outcome = std::iter::repeat(()).try_for_each(|()| pipe.write_all(&piece));
            tell.send(outcome.unwrap_err().kind()).unwrap();
            Ok(())
        });
        drop(abandoned);
        assert_eq!(told.await.unwrap(), ErrorKind::BrokenPipe);
    }
}
