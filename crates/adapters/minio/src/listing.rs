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
        let limit = missing.min(AT_ONCE);
        let page = match &after {
            Some(after) => page_after(bucket, prefix, after, limit).await?,
            None => page(bucket, prefix, None, limit).await?,
        };
        after = page.contents.last().map(|object| object.key.clone());
        // What somebody else put into the bucket under a name that is no key is none of ours.
        found.extend(page.contents.iter().filter_map(info));
        if !page.is_truncated || after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What a server says of an object in a list.
fn info(object: &Object) -> Option<ObjectInfo> {
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

/// The page after `after`. SeaweedFS leaves out what lies below `after` itself, as `a/b` lies below `a`, so that is asked
/// for as well; there is nothing to add to what a server says that leaves nothing out.
async fn page_after(
    bucket: &Bucket,
    prefix: &str,
    after: &str,
    limit: usize,
) -> Result<ListBucketResult, Failure> {
    let mut page = page(bucket, prefix, Some(after), limit).await?;
    let below_after = format!("{after}/");
    let below = match (below_after.starts_with(prefix), prefix.starts_with(&below_after)) {
        (true, _) => below_after.as_str(),
        (_, true) => prefix,
        _ => return Ok(page),
    };
    let mut left_out = self::page(bucket, below, None, limit).await?.contents;
    // In the order of the bytes a page that is full ends before what it has no place for.
    let end = page.is_truncated.then(|| page.contents.last().map(|object| object.key.clone())).flatten();
    left_out.retain(|object| {
        end.as_ref().is_none_or(|end| object.key < *end)
            && object.key.as_str() != after
            && page.contents.iter().all(|other| other.key != object.key)
    });
    page.contents.splice(..0, left_out);
    page.is_truncated |= page.contents.len() > limit;
    page.contents.truncate(limit);
    Ok(page)
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
