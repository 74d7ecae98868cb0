//! Bytes: those of every kept image are there, and what nobody refers to is young.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{ObjectInfo, ObjectStore, Timestamp};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use super::{Findings, Scene};

/// From which age on an object that nobody refers to should be gone.
const OLD: Duration = Duration::from_secs(3_600);

/// How many objects are listed at once.
const PAGE: u16 = 1_000;

/// An image that is in a gallery.
#[derive(Debug)]
pub(super) struct KeptImage {
    pub(super) generation: String,
    pub(super) slot: i64,
    pub(super) price: i64,
    /// SHA-256 of its bytes, in hexadecimal digits; none when there are no bytes.
    pub(super) digest: Option<String>,
}

pub(super) async fn look(scene: &Scene<'_>, findings: &mut Findings) -> anyhow::Result<Vec<KeptImage>> {
    let stored = everything(scene.objects.as_ref()).await?;
    let rows = scene
        .rows
        .all(
            "SELECT generation_id::text AS generation, slot, price, image_key, preview_key
            FROM gallery_items WHERE deleted_at IS NULL ORDER BY generation_id, slot",
        )
        .await?;
    let mut kept = Vec::new();
    let mut missing = Vec::new();
    for row in &rows {
        let image_key: String = row.try_get("image_key")?;
        let preview_key: String = row.try_get("preview_key")?;
        for key in [&image_key, &preview_key] {
            if !stored.contains_key(key) {
                missing.push(key.clone());
            }
        }
        kept.push(KeptImage {
            generation: row.try_get("generation")?,
            slot: row.try_get("slot")?,
            price: row.try_get("price")?,
            digest: digest(scene.objects.as_ref(), stored.get(&image_key)).await?,
        });
    }
    findings.count("images in galleries", i64::try_from(kept.len()).unwrap_or(i64::MAX));
    findings.none_of("objects of galleries that are not there", missing);
    look_at_the_others(scene, &stored, findings).await?;
    Ok(kept)
}

/// Objects that no row names.
async fn look_at_the_others(
    scene: &Scene<'_>,
    stored: &BTreeMap<String, ObjectInfo>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let named: String = scene
        .rows
        .lines(
            "SELECT image_key || ' ' || preview_key FROM gallery_items
            UNION ALL SELECT payload FROM avatars
            UNION ALL SELECT payload FROM avatar_photos",
        )
        .await?
        .join("\n");
    let others: Vec<(&String, &ObjectInfo)> =
        stored.iter().filter(|(key, _)| !named.contains(key.as_str())).collect();
    findings.count("objects", i64::try_from(stored.len()).unwrap_or(i64::MAX));
    findings.count("objects that no row names", i64::try_from(others.len()).unwrap_or(i64::MAX));
    let kinds: BTreeSet<&str> =
        others.iter().map(|(key, _)| key.split('/').next().unwrap_or_default()).collect();
    if !kinds.is_empty() {
        println!("  objects that no row names begin with {kinds:?}");
    }
    let now =
        scene.rows.number("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)").await?;
    let is_old = |info: &ObjectInfo| {
        info.written_at.is_some_and(|written_at| Timestamp::from_micros(now).since(written_at) > OLD)
    };
    let old = others.iter().filter(|(_, info)| is_old(info)).map(|(key, _)| (*key).clone()).collect();
    findings.none_of("objects that no row names and that are older than an hour", old);
    Ok(())
}

/// Every object, by its key.
async fn everything(objects: &dyn ObjectStore) -> anyhow::Result<BTreeMap<String, ObjectInfo>> {
    let mut found = BTreeMap::new();
    let mut after = None;
    loop {
        let page = objects.list("", after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.key.clone());
        found.extend(page.into_iter().map(|info| (info.key.as_str().to_owned(), info)));
    }
}

/// SHA-256 of an object's bytes, in hexadecimal digits.
async fn digest(objects: &dyn ObjectStore, info: Option<&ObjectInfo>) -> anyhow::Result<Option<String>> {
    let Some(info) = info else {
        return Ok(None);
    };
    Ok(objects.get(&info.key).await?.map(|bytes| hex::encode(Sha256::digest(bytes))))
}
