//! The gallery: kept images and the tombstones of deleted ones.

use async_trait::async_trait;
use gallery::{
    Favourite, Gallery, GalleryCounts, GalleryFilter, GalleryItem, GalleryWriter, MessengerFiles,
    NewGalleryItem, Place, Remains,
};
use kernel::{
    AccountId, AvatarId, Credits, Cursor, GalleryItemId, GenerationId, ImageFormat, ImageInfo, Page,
    PageSize, StoreError,
};
use uuid::Uuid;

use crate::Database;
use crate::gallery_filters::is_shown;
use crate::paging::older_rows;
use crate::row::Row;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};
use crate::unit::Unit;

const TABLE: &str = "gallery_items";

const COLUMNS: &str = "account_id, id, generation_id, slot, origin, avatar_id, seed, prompt, model, aspect_ratio, \
    price, image_key, preview_key, format, width, height, bytes, favourite, photo_file, document_file, created_at, \
    deleted_at, restorable";

const KEEP: &str = "
    INSERT INTO gallery_items (account_id, id, generation_id, slot, origin, avatar_id, seed, prompt, model,
        aspect_ratio, price, image_key, preview_key, format, width, height, bytes, favourite, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, FALSE, now_micros())
    ON CONFLICT (account_id, id) DO NOTHING";

const BURY: &str = "
    UPDATE gallery_items SET deleted_at = now_micros(), restorable = TRUE
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL";

/// Only what was buried by [`BURY`] and not erased since: the bytes of any other tombstone are gone.
const RESTORE: &str = "
    UPDATE gallery_items SET deleted_at = NULL, restorable = FALSE
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NOT NULL AND restorable";

const MARK_ERASED: &str = "
    UPDATE gallery_items SET restorable = FALSE
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NOT NULL";

const COUNTS: &str = "
    SELECT origin, count(*) FILTER (WHERE deleted_at IS NULL) AS shown,
        count(*) FILTER (WHERE deleted_at IS NULL AND favourite) AS favourites,
        CAST(sum(price) AS bigint) AS spent
    FROM gallery_items WHERE account_id = $1 GROUP BY origin";

const DRAWN_WITH: &str = "
    SELECT count(*) AS images FROM gallery_items WHERE account_id = $1 AND avatar_id = $2 AND price > 0";

const ERASE_ALL: &str = "DELETE FROM gallery_items WHERE account_id = $1";

const SET_FAVOURITE: &str = "
    UPDATE gallery_items SET favourite = $3 WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL";

const REMEMBER_FILES: &str = "
    UPDATE gallery_items SET
        photo_file = coalesce($3, photo_file), document_file = coalesce($4, document_file)
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL";

/// Formats that are kept, by their media type.
const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

#[async_trait]
impl GalleryWriter for Unit {
    async fn keep(&mut self, item: &NewGalleryItem) -> Result<(), StoreError> {
        let bytes = i64::try_from(item.bytes).map_err(|error| StoreError::Bug(error.into()));
        let values = values![
            item.account.uuid(),
            item.id.uuid(),
            item.generation.uuid(),
            i64::from(item.slot),
            item.origin.as_str(),
            item.avatar.map(AvatarId::uuid),
            item.seed.cast_signed(),
            item.prompt.as_str(),
            item.model.as_str(),
            item.aspect_ratio.as_str(),
            item.price.get(),
            item.image.as_str(),
            item.preview.as_str(),
            item.info.format.media_type(),
            i64::from(item.info.width),
            i64::from(item.info.height),
            bytes?,
        ];
        let outcome = execute(self.enter()?, KEEP, values).await.map(|_| ());
        self.leave(outcome)
    }

    async fn bury(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.change_one(BURY, account, item).await
    }

    async fn restore(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.change_one(RESTORE, account, item).await
    }

    async fn mark_erased(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.change_one(MARK_ERASED, account, item).await
    }
}

impl Unit {
    /// Changes an item if it is as the statement wants it; whether it was.
    async fn change_one(
        &mut self,
        statement: &str,
        account: AccountId,
        item: GalleryItemId,
    ) -> Result<bool, StoreError> {
        let changed = execute(self.enter()?, statement, values![account.uuid(), item.uuid()]).await;
        self.leave(changed.map(|rows| rows == 1))
    }
}

#[async_trait]
impl Gallery for Database {
    async fn get(&self, account: AccountId, item: GalleryItemId) -> Result<Option<GalleryItem>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM gallery_items WHERE account_id = $1 AND id = $2");
        let values = values![account.uuid(), item.uuid()];
        let row = fetch_optional(self.reader(), TABLE, &statement, values).await?;
        row.as_ref().map(GalleryItem::try_from).transpose()
    }

    async fn newest(
        &self,
        account: AccountId,
        filter: GalleryFilter,
    ) -> Result<Option<GalleryItem>, StoreError> {
        Ok(self.page(account, filter, None, PageSize::new(1)).await?.items.into_iter().next())
    }

    async fn page(
        &self,
        account: AccountId,
        filter: GalleryFilter,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<GalleryItem>, StoreError> {
        let (older, mut values) = older_rows(account, after, size);
        let shown = is_shown(&filter, &mut values);
        let statement = format!(
            "SELECT {COLUMNS} FROM gallery_items WHERE account_id = $1 AND {shown} {older}
            ORDER BY id DESC LIMIT $2"
        );
        let rows = fetch_all(self.reader(), TABLE, &statement, values).await?;
        let items = rows.iter().map(GalleryItem::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_rows(items, size, |item: &GalleryItem| item.kept.id.uuid()))
    }

    async fn place(
        &self,
        account: AccountId,
        item: GalleryItemId,
        filter: GalleryFilter,
    ) -> Result<Place, StoreError> {
        let mut values = values![account.uuid(), item.uuid()];
        let shown =
            format!("FROM gallery_items WHERE account_id = $1 AND {}", is_shown(&filter, &mut values));
        let statement = format!(
            "SELECT
                (SELECT count(*) {shown} AND id > $2) AS before,
                (SELECT count(*) {shown}) AS total,
                (SELECT id {shown} AND id > $2 ORDER BY id LIMIT 1) AS newer,
                (SELECT id {shown} AND id < $2 ORDER BY id DESC LIMIT 1) AS older"
        );
        let row = fetch_one(self.reader(), TABLE, &statement, values).await?;
        Ok(Place {
            number: row.number::<u64>("before")? + 1,
            total: row.number("total")?,
            newer: row.get::<Option<Uuid>>("newer")?.map(GalleryItemId::new),
            older: row.get::<Option<Uuid>>("older")?.map(GalleryItemId::new),
        })
    }

    async fn of_generation(
        &self,
        account: AccountId,
        generation: GenerationId,
    ) -> Result<Vec<GalleryItem>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM gallery_items WHERE account_id = $1 AND generation_id = $2 ORDER BY slot"
        );
        let values = values![account.uuid(), generation.uuid()];
        let rows = fetch_all(self.reader(), TABLE, &statement, values).await?;
        rows.iter().map(GalleryItem::try_from).collect()
    }

    async fn counts(&self, account: AccountId) -> Result<GalleryCounts, StoreError> {
        let mut counts = GalleryCounts::default();
        for row in fetch_all(self.reader(), TABLE, COUNTS, values![account.uuid()]).await? {
            let shown = row.number("shown")?;
            if shown > 0 {
                counts.by_origin.insert(row.parsed("origin")?, shown);
            }
            counts.favourites += row.number::<u64>("favourites")?;
            counts.spent = [counts.spent, row.number::<Credits>("spent")?].into_iter().sum();
        }
        Ok(counts)
    }

    async fn drawn_with(&self, account: AccountId, avatar: AvatarId) -> Result<u64, StoreError> {
        let values = values![account.uuid(), avatar.uuid()];
        fetch_one(self.reader(), TABLE, DRAWN_WITH, values).await?.number("images")
    }

    async fn set_favourite(
        &self,
        account: AccountId,
        item: GalleryItemId,
        favourite: Favourite,
    ) -> Result<bool, StoreError> {
        let values = values![account.uuid(), item.uuid(), favourite == Favourite::Yes];
        Ok(execute(self.writer(), SET_FAVOURITE, values).await? == 1)
    }

    async fn remember_files(
        &self,
        account: AccountId,
        item: GalleryItemId,
        files: &MessengerFiles,
    ) -> Result<bool, StoreError> {
        let values = values![account.uuid(), item.uuid(), files.photo.clone(), files.document.clone()];
        Ok(execute(self.writer(), REMEMBER_FILES, values).await? == 1)
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        execute(self.writer(), ERASE_ALL, values![account.uuid()]).await
    }
}

impl TryFrom<&Row> for GalleryItem {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            kept: NewGalleryItem {
                id: row.id("id", GalleryItemId::new)?,
                account: row.id("account_id", AccountId::new)?,
                generation: row.id("generation_id", GenerationId::new)?,
                slot: row.number("slot")?,
                origin: row.parsed("origin")?,
                avatar: row.get::<Option<Uuid>>("avatar_id")?.map(AvatarId::new),
                seed: row.get::<i64>("seed")?.cast_unsigned(),
                prompt: row.get("prompt")?,
                model: row.get("model")?,
                aspect_ratio: row.parsed("aspect_ratio")?,
                price: row.number("price")?,
                image: row.parsed("image_key")?,
                preview: row.parsed("preview_key")?,
                info: ImageInfo {
                    format: format(row)?,
                    width: row.number("width")?,
                    height: row.number("height")?,
                },
                bytes: row.number("bytes")?,
            },
            favourite: if row.get("favourite")? { Favourite::Yes } else { Favourite::No },
            files: MessengerFiles { photo: row.get("photo_file")?, document: row.get("document_file")? },
            created_at: row.time("created_at")?,
            deleted_at: row.optional_time("deleted_at")?,
            remains: remains(row)?,
        })
    }
}

fn remains(row: &Row) -> Result<Remains, StoreError> {
    let is_deleted = row.optional_time("deleted_at")?.is_some();
    Ok(if is_deleted && !row.get::<bool>("restorable")? { Remains::Erased } else { Remains::Whole })
}

fn format(row: &Row) -> Result<ImageFormat, StoreError> {
    let stored: String = row.get("format")?;
    FORMATS.into_iter().find(|format| format.media_type() == stored).ok_or_else(|| row.inconsistent("format"))
}
