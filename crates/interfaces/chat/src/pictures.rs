//! Images as Telegram takes them.

use bytes::Bytes;
use gallery::GalleryItem;
use kernel::{GalleryItemId, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError};

use crate::telegram::Upload;

/// The largest photo in bytes. Telegram says 10 MB and means a little more.
const MOST_PHOTO_BYTES: usize = 10_000_000;
/// The largest sum of width and height.
const MOST_PHOTO_SIDES: u32 = 10_000;
/// The most that one side may be longer than the other.
const MOST_PHOTO_RATIO: u32 = 20;
/// The longer side of what is sent instead of an image that is too large: what Telegram shows at most.
const REDUCED_SIDE: u32 = 2560;

/// Whether Telegram takes the image as a photo.
pub(crate) fn fits_as_photo(info: &ImageInfo, bytes: usize) -> bool {
    let longer = info.width.max(info.height);
    let shorter = info.width.min(info.height);
    bytes <= MOST_PHOTO_BYTES
        && info.width.saturating_add(info.height) <= MOST_PHOTO_SIDES
        && longer <= shorter.saturating_mul(MOST_PHOTO_RATIO)
}

/// The image as a photo to upload: itself, or a smaller JPEG when it is too large.
pub(crate) async fn photo(
    imaging: &dyn Imaging,
    item: GalleryItemId,
    info: &ImageInfo,
    bytes: Bytes,
) -> Result<Upload, ImagingError> {
    if fits_as_photo(info, bytes.len()) {
        return Ok(Upload { name: file_name(item, info.format), bytes });
    }
    reduced_photo(imaging, item, bytes).await
}

/// A smaller JPEG of the image.
pub(crate) async fn reduced_photo(
    imaging: &dyn Imaging,
    item: GalleryItemId,
    bytes: Bytes,
) -> Result<Upload, ImagingError> {
    let bytes = imaging.preview(bytes, REDUCED_SIDE, ImageLimits::RESULT).await?;
    Ok(Upload { name: file_name(item, ImageFormat::Jpeg), bytes })
}

/// The original as a file to upload.
pub(crate) fn original(item: &GalleryItem, bytes: Bytes) -> Upload {
    Upload { name: file_name(item.kept.id, item.kept.info.format), bytes }
}

fn file_name(item: GalleryItemId, format: ImageFormat) -> String {
    let id = item.uuid().simple().to_string();
    let short = id.get(id.len().saturating_sub(8)..).unwrap_or_default();
    format!("aisha-{short}.{}", format.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telegrams_limits_of_photos() {
        let info = |width, height| ImageInfo { format: ImageFormat::Png, width, height };
        assert!(fits_as_photo(&info(1024, 1024), 1_000_000));
        assert!(!fits_as_photo(&info(1024, 1024), 10_000_001));
        assert!(!fits_as_photo(&info(6000, 4001), 1_000_000));
        assert!(!fits_as_photo(&info(2100, 100), 1_000));
    }
}
