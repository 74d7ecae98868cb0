//! Objects that are written piece by piece: "multipart upload" of the Amazon S3 user guide.
//!
//! While one piece goes up the next one is gathered, so that neither side waits for the other, and three pieces are in
//! memory at most: the one that is gathered, the one that goes up, and its copy on the way.

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::future::try_join;
use kernel::{ByteStream, ObjectStoreError};
use s3::Bucket;
use s3::command::{Command, Multipart};
use s3::error::S3Error;
use s3::request::Request as _;
use s3::request::tokio_backend::ReqwestRequest;
use s3::serde_types::Part;

use crate::calls::repeated;
use crate::failure::Failure;

/// The length of a piece in bytes. A server takes none below 5 MiB but the last, and 10,000 of them.
const PIECE: usize = 6 * 1024 * 1024;

/// Where the bytes go.
pub(crate) struct Target<'a> {
    pub(crate) bucket: &'a Bucket,
    pub(crate) path: &'a str,
    pub(crate) content_type: &'a str,
}

impl Target<'_> {
    /// Keeps the bytes of the stream; how many there were.
    pub(crate) async fn put_stream(&self, stream: ByteStream) -> Result<u64, ObjectStoreError> {
        let mut pieces = Pieces { stream, rest: Bytes::new(), gathered: 0 };
        let first = pieces.next().await?;
        match first {
            Piece::Last(bytes) => self.put(&bytes).await?,
            Piece::Full(bytes) => self.put_in_pieces(bytes, &mut pieces).await?,
        }
        Ok(pieces.gathered)
    }

    /// Keeps the bytes by one call. The same bytes may be put again and again.
    pub(crate) async fn put(&self, bytes: &[u8]) -> Result<(), Failure> {
        repeated(|| self.bucket.put_object_with_content_type(self.path, bytes, self.content_type)).await?;
        Ok(())
    }

    async fn put_in_pieces(&self, first: Bytes, pieces: &mut Pieces) -> Result<(), ObjectStoreError> {
        // Not repeated: each call begins an upload of its own.
        let begun = self.bucket.initiate_multipart_upload(self.path, self.content_type).await;
        let upload = begun.map_err(Failure::from)?.upload_id;
        let outcome = self.fill(&upload, first, pieces).await;
        if outcome.is_err() {
            self.abort(&upload).await;
        }
        outcome
    }

    async fn fill(&self, upload: &str, first: Bytes, pieces: &mut Pieces) -> Result<(), ObjectStoreError> {
        let mut parts = Vec::new();
        let mut present = Piece::Full(first);
        for number in 1.. {
            present = match present {
                Piece::Full(bytes) => {
                    let sent = async { Ok(self.put_part(upload, number, &bytes).await?) };
                    let (part, next) = try_join(sent, pieces.next()).await?;
                    parts.push(part);
                    next
                }
                Piece::Last(bytes) => {
                    if !bytes.is_empty() {
                        parts.push(self.put_part(upload, number, &bytes).await?);
                    }
                    break;
                }
            };
        }
        Ok(self.complete(upload, parts, pieces.gathered).await?)
    }

    /// The same piece may be put again and again.
    async fn put_part(&self, upload: &str, number: u32, bytes: &[u8]) -> Result<Part, Failure> {
        let answer = repeated(|| async {
            let command = Command::PutObject {
                content: bytes,
                content_type: self.content_type,
                custom_headers: None,
                multipart: Some(Multipart::new(number, upload)),
            };
            // The answer's body is the piece's tag.
            ReqwestRequest::new(self.bucket, self.path, command).await?.response_data(true).await
        })
        .await?;
        let etag = answer.as_str().map_err(|error| Failure::Passing(error.into()))?.to_owned();
        Ok(Part { etag, part_number: number })
    }

    /// Makes one object of the pieces. When the answer is lost, the second call may find nothing left to complete.
    async fn complete(&self, upload: &str, parts: Vec<Part>, size: u64) -> Result<(), Failure> {
        let complete = || async {
            self.bucket.complete_multipart_upload(self.path, upload, parts.clone()).await.map(drop)
        };
        let first = complete().await.map_err(Failure::from);
        match first {
            Err(failure) if failure.is_ambiguous() => {}
            outcome => return outcome,
        }
        match repeated(complete).await {
            Err(failure @ Failure::Missing { .. }) => {
                if self.size().await? == Some(size) {
                    Ok(())
                } else {
                    Err(failure)
                }
            }
            outcome => outcome,
        }
    }

    async fn size(&self) -> Result<Option<u64>, Failure> {
        size(self.bucket, self.path).await
    }

    /// Takes back what was put. What cannot be taken back now, the server removes in time.
    async fn abort(&self, upload: &str) {
        match repeated(|| self.bucket.abort_upload(self.path, upload)).await {
            Ok(()) | Err(Failure::Missing { .. }) => {}
            Err(failure) => tracing::warn!(%failure, "the pieces of an unfinished object stay for now"),
        }
    }
}

/// The length of an object in bytes; `None` when it is missing.
pub(crate) async fn size(bucket: &Bucket, path: &str) -> Result<Option<u64>, Failure> {
    match repeated(|| bucket.head_object(path)).await {
        Ok((head, _)) => {
            let size = head.content_length.and_then(|length| u64::try_from(length).ok());
            size.map(Some).ok_or_else(|| Failure::Passing(Box::new(S3Error::HttpFail)))
        }
        Err(Failure::Missing { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Gathers a stream into pieces of one length.
struct Pieces {
    stream: ByteStream,
    /// What came with the last piece and belongs to the next.
    rest: Bytes,
    /// How many bytes came so far.
    gathered: u64,
}

enum Piece {
    /// One of many.
    Full(Bytes),
    /// The end, shorter than the others and perhaps empty.
    Last(Bytes),
}

impl Pieces {
    async fn next(&mut self) -> Result<Piece, ObjectStoreError> {
        let mut piece = BytesMut::new();
        loop {
            let wanted = PIECE - piece.len();
            let taken = self.rest.split_to(self.rest.len().min(wanted));
            // Its place is taken only once there is something to put there.
            if piece.capacity() == 0 && !taken.is_empty() {
                piece.reserve(PIECE);
            }
            piece.extend_from_slice(&taken);
            if piece.len() == PIECE {
                return Ok(Piece::Full(piece.freeze()));
            }
            match self.stream.next().await {
                Some(Ok(bytes)) => {
                    self.gathered += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    self.rest = bytes;
                }
                Some(Err(error)) => return Err(ObjectStoreError::Unavailable(error)),
                None => return Ok(Piece::Last(piece.freeze())),
            }
        }
    }
}
