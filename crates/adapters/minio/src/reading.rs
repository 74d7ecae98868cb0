//! Objects that are read piece by piece.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use kernel::{BoxError, ByteStream, OpenObject};
use s3::Bucket;
use s3::command::Command;
use s3::error::S3Error;
use s3::request::Request as _;
use s3::request::tokio_backend::ReqwestRequest;
use tokio::time::timeout;

use crate::calls::repeated;
use crate::failure::Failure;

/// Opens the object. `bucket` sets no time for the whole; its beginning and each further piece may take `patience`.
pub(crate) async fn open(
    bucket: &Bucket,
    path: &str,
    patience: Duration,
) -> Result<Option<OpenObject>, Failure> {
    let answered = timeout(patience, repeated(|| get(bucket, path))).await;
    let answer = match answered {
        Ok(Ok(answer)) => answer,
        Ok(Err(Failure::Missing { .. })) => return Ok(None),
        Ok(Err(failure)) => return Err(failure),
        Err(elapsed) => return Err(Failure::TimedOut(Box::new(elapsed))),
    };
    Ok(Some(OpenObject { size: answer.size, bytes: patiently(answer.pieces, patience) }))
}

struct Answer {
    size: u64,
    pieces: ByteStream,
}

async fn get(bucket: &Bucket, path: &str) -> Result<Answer, S3Error> {
    let response = ReqwestRequest::new(bucket, path, Command::GetObject).await?.response().await?;
    let size = response.content_length().ok_or(S3Error::HttpFail)?;
    Ok(Answer { size, pieces: response.bytes_stream().map_err(BoxError::from).boxed() })
}

/// The same pieces; an error and the end when the next one lets us wait too long.
fn patiently(
    pieces: impl Stream<Item = Result<Bytes, BoxError>> + Send + Unpin + 'static,
    patience: Duration,
) -> ByteStream {
    stream::unfold(Some(pieces), move |pieces| async move {
        let mut pieces = pieces?;
        match timeout(patience, pieces.next()).await {
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(elapsed) => Some((Err(elapsed.into()), None)),
        }
    })
    .boxed()
}
