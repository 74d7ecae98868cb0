//! The adapter: objects in one bucket.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ByteStream, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject};
use s3::Bucket;
use tokio::sync::OnceCell;

use crate::calls::repeated;
use crate::failure::Failure;
use crate::settings::{S3Settings, SetupError};
use crate::upload::Target;
use crate::{bucket, listing, reading, upload};

/// How long a link works at most, by the rules of S3 ("Authenticating Requests: Using Query Parameters" of the Amazon S3
/// API reference).
const LONGEST_LINK: Duration = Duration::from_hours(7 * 24);
/// Links are counted in seconds.
const SHORTEST_LINK: Duration = Duration::from_secs(1);

/// Objects in one bucket of an S3 server.
///
/// Nothing is sent before the first call, which makes the bucket if it is missing. A call that fails in passing is tried
/// again twice within about a second, unless its effect would be another one.
pub struct S3ObjectStore {
    /// For calls that are over within the time of one call.
    bucket: Bucket,
    /// For objects that are read for as long as the reader takes.
    unhurried: Bucket,
    /// As the world sees it.
    public: Bucket,
    settings: S3Settings,
    prepared: OnceCell<()>,
}

impl S3ObjectStore {
    /// A store for these settings. Nothing is sent yet.
    ///
    /// The requests are encrypted by rustls, with the cryptography provider that the process has installed or, when there
    /// is none, ring's.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn new(settings: S3Settings) -> Result<Self, SetupError> {
        settings.check()?;
        // What is tried again, and how often, is decided here and not in the client.
        s3::set_retries(0);
        let bucket = bucket::at(&settings, &settings.endpoint)?;
        let mut unhurried = bucket.clone();
        unhurried.set_request_timeout(None);
        let public = match &settings.public_base_url {
            Some(address) => bucket::at(&settings, address)?,
            None => bucket.clone(),
        };
        Ok(Self { bucket, unhurried, public, settings, prepared: OnceCell::new() })
    }

    /// The bucket, once it is known to be there.
    async fn bucket(&self) -> Result<&Bucket, ObjectStoreError> {
        let temporary_days = u32::from(self.settings.temporary_days.get());
        self.prepared
            .get_or_try_init(|| bucket::prepare(&self.bucket, &self.settings.region, temporary_days))
            .await?;
        Ok(&self.bucket)
    }
}

#[async_trait]
impl ObjectStore for S3ObjectStore {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<(), ObjectStoreError> {
        let target = Target { bucket: self.bucket().await?, path: key.as_str(), content_type };
        Ok(target.put(&bytes).await?)
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        Target { bucket: self.bucket().await?, path: key.as_str(), content_type }.put_stream(stream).await
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        self.bucket().await?;
        Ok(reading::open(&self.unhurried, key.as_str(), self.settings.timeout).await?)
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        let bucket = self.bucket().await?;
        match repeated(|| bucket.get_object(key.as_str())).await {
            Ok(answer) => Ok(Some(answer.into_bytes())),
            Err(Failure::Missing { .. }) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        let size = upload::size(self.bucket().await?, key.as_str()).await?;
        Ok(size.map(|size| ObjectInfo { key: key.clone(), size, written_at: None }))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        let bucket = self.bucket().await?;
        match repeated(|| bucket.delete_object(key.as_str())).await {
            Ok(_) | Err(Failure::Missing { .. }) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        listing::list(self.bucket().await?, prefix, after, limit).await
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<u64, ObjectStoreError> {
        listing::delete_prefix(self.bucket().await?, prefix).await
    }

    /// Presigned for the public host; for a second at least and a week at most.
    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        let lifetime = lifetime.clamp(SHORTEST_LINK, LONGEST_LINK).as_secs();
        let seconds = u32::try_from(lifetime).unwrap_or(u32::MAX);
        let link = self.public.presign_get(key.as_str(), seconds, None).await.map_err(Failure::from)?;
        Ok(Some(link))
    }
}

impl fmt::Debug for S3ObjectStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("S3ObjectStore").field("settings", &self.settings).finish_non_exhaustive()
    }
}
