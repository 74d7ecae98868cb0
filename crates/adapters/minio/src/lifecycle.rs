//! What the server itself removes after a while: a net under the clean-up that the studio does.

use s3::Bucket;
use s3::serde_types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, Expiration, LifecycleFilter, LifecycleRule,
};

use crate::calls::repeated;
use crate::failure::Failure;

/// The prefixes under which nothing is kept for long.
const TEMPORARY: [&str; 3] = ["attempts", "exports", "trainings"];
/// What the ids of our rules begin with. Rules of others stay as they are.
const OURS: &str = "aisha-";
/// After how many days the pieces of an upload that nobody completed are removed.
const UNFINISHED_DAYS: i32 = 2;

/// Sets our rules beside those of others. A server that knows no such rules, or does not let us set them, is no reason
/// to stop.
pub(crate) async fn set(bucket: &Bucket, temporary_days: u32) {
    if let Err(failure) = try_to_set(bucket, temporary_days).await {
        tracing::warn!(
            %failure,
            "the object store does not remove temporary objects and unfinished uploads by itself"
        );
    }
}

async fn try_to_set(bucket: &Bucket, temporary_days: u32) -> Result<(), Failure> {
    let present = match repeated(|| bucket.get_bucket_lifecycle()).await {
        Ok(present) => present.rules,
        Err(Failure::Missing { .. }) => Vec::new(),
        Err(failure) => return Err(failure),
    };
    let wanted = rules(temporary_days);
    if wanted.iter().all(|rule| present.iter().any(|present| is_same(rule, present))) {
        return Ok(());
    }
    let others =
        present.into_iter().filter(|rule| !rule.id.as_deref().is_some_and(|id| id.starts_with(OURS)));
    let all = BucketLifecycleConfiguration::new(others.chain(wanted).collect());
    repeated(|| bucket.put_bucket_lifecycle(all.clone())).await?;
    Ok(())
}

fn rules(temporary_days: u32) -> Vec<LifecycleRule> {
    let temporary = TEMPORARY.iter().map(|kind| {
        LifecycleRule::builder("Enabled")
            .id(&format!("{OURS}{kind}"))
            .filter(under(&format!("{kind}/")))
            .expiration(Expiration::new(None, Some(temporary_days), None))
            .build()
    });
    let unfinished = LifecycleRule::builder("Enabled")
        .id(&format!("{OURS}unfinished-uploads"))
        .filter(under(""))
        .abort_incomplete_multipart_upload(AbortIncompleteMultipartUpload::new(Some(UNFINISHED_DAYS)))
        .build();
    temporary.chain([unfinished]).collect()
}

fn under(prefix: &str) -> LifecycleFilter {
    LifecycleFilter::new(None, None, None, Some(prefix.to_owned()), None)
}

/// Whether a rule that is there does what one of ours does.
fn is_same(ours: &LifecycleRule, present: &LifecycleRule) -> bool {
    let days = |rule: &LifecycleRule| rule.expiration.as_ref().and_then(|expiration| expiration.days);
    let unfinished = |rule: &LifecycleRule| {
        rule.abort_incomplete_multipart_upload.as_ref().and_then(|abort| abort.days_after_initiation)
    };
    ours.id == present.id
        && ours.status == present.status
        && days(ours) == days(present)
        && unfinished(ours) == unfinished(present)
}
