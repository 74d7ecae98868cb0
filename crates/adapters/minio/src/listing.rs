//! Objects by prefix: listed, and removed many at once.

use kernel::{ObjectInfo, ObjectKey, ObjectStoreError, Timestamp};
use s3::Bucket;
use s3::serde_types::{ListBucketResult, Object, ObjectIdentifier};

use crate::calls::repeated;
use crate::failure::Failure;

/// How many objects a server lists, and removes, in one call at most ("ListObjectsV2" and "DeleteObjects" of the Amazon
/// S3 API reference).
const AT_ONCE: usize = 1_000;

/// Up to `limit` objects whose keys start with `prefix`, after `after`.
pub(crate) async fn list(
    bucket: &Bucket,
    prefix: &str,
    after: Option<&ObjectKey>,
    limit: u16,
) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
    let mut found = Vec::new();
    let mut after = after.map(ToString::to_string);
    while found.len() < usize::from(limit) {
        let missing = usize::from(limit) - found.len();
        let page = page(bucket, prefix, after.as_deref(), missing.min(AT_ONCE)).await?;
        after = page.contents.last().map(|object| object.key.clone());
        // What somebody else put into the bucket under a name that is no key is none of ours.
        found.extend(page.contents.into_iter().filter_map(info));
        if !page.is_truncated || after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What a server says of an object in a list.
fn info(object: Object) -> Option<ObjectInfo> {
    let written_at = object.last_modified.parse::<jiff::Timestamp>().ok();
    Some(ObjectInfo {
        key: object.key.parse().ok()?,
        size: object.size,
        written_at: written_at.map(|at| Timestamp::from_micros(at.as_microsecond())),
    })
}

/// Removes every object whose key starts with `prefix`; how many there were.
pub(crate) async fn delete_prefix(bucket: &Bucket, prefix: &str) -> Result<u64, ObjectStoreError> {
    let mut removed = 0;
    loop {
        let page = page(bucket, prefix, None, AT_ONCE).await?;
        if page.contents.is_empty() {
            return Ok(removed);
        }
        let objects: Vec<ObjectIdentifier> =
            page.contents.iter().map(|object| ObjectIdentifier::new(&object.key)).collect();
        let outcome = repeated(|| bucket.delete_objects(objects.clone())).await?;
        if let Some(error) = outcome.errors.first() {
            let failed = outcome.errors.len();
            let detail = format!("{failed} objects could not be removed: {}", error.code);
            return Err(Failure::Passing(detail.into()).into());
        }
        removed += u64::try_from(objects.len()).unwrap_or(u64::MAX);
    }
}

async fn page(
    bucket: &Bucket,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<ListBucketResult, Failure> {
    let after = after.map(ToOwned::to_owned);
    let (page, _) =
        repeated(|| bucket.list_page(prefix.to_owned(), None, None, after.clone(), Some(limit))).await?;
    Ok(page)
}
