//! Calls of the server: which are tried again, and which are not.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use s3::Bucket;
use s3::command::Command;
use s3::error::S3Error;
use s3::request::tokio_backend::ReqwestRequest;
use s3::request::{Request as _, ResponseData};

use crate::failure::Failure;

/// How often a call that failed in passing is tried again. Whoever waits longer for a server does so in a job.
const RETRIES: usize = 2;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Makes a call that has the same effect however often it is made, until it succeeds or trying again is of no use.
pub(crate) async fn repeated<T, F>(call: impl FnMut() -> F + Send) -> Result<T, Failure>
where
    F: Future<Output = Result<T, S3Error>> + Send,
{
    let mut call = call;
    let waits = ExponentialBuilder::default()
        .with_min_delay(FIRST_WAIT)
        .with_max_delay(LONGEST_WAIT)
        .with_max_times(RETRIES);
    let attempt = || {
        let made = call();
        async move { made.await.map_err(Failure::from) }
    };
    attempt.retry(waits).when(Failure::is_passing).await
}

/// Makes one call of the API by its command.
pub(crate) async fn command(
    bucket: &Bucket,
    path: &str,
    command: Command<'_>,
) -> Result<ResponseData, S3Error> {
    ReqwestRequest::new(bucket, path, command).await?.response_data(false).await
}
