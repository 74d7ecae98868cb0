//! Pictures without pixels: a line of text that says what the picture is.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    CleanImage, GenerationId, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, PerceptualHash,
    Provenance,
};

const MAGIC: &str = "fake-image";
const MARK: &str = "\nmark ";

/// A picture that [`FakeImaging`] understands: `words` tell one from another.
pub fn fake_image(format: ImageFormat, width: u32, height: u32, words: &str) -> Bytes {
    Bytes::from(format!("{MAGIC} {} {width} {height} {}", format.extension(), words.replace('\n', " ")))
}

/// Works on pictures made by [`fake_image`].
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeImaging;

struct Parsed<'picture> {
    info: ImageInfo,
    words: &'picture str,
    mark: Option<&'picture str>,
}

fn parse(bytes: &[u8], limits: ImageLimits) -> Result<Parsed<'_>, ImagingError> {
    if bytes.len() > limits.bytes {
        return Err(ImagingError::TooLarge);
    }
    let broken = || ImagingError::NotAnImage(None);
    let text = std::str::from_utf8(bytes).map_err(|error| ImagingError::NotAnImage(Some(error.into())))?;
    let (picture, mark) = text.split_once(MARK).map_or((text, None), |(picture, mark)| (picture, Some(mark)));
    let mut parts = picture.splitn(5, ' ');
    let (magic, format) = (parts.next().ok_or_else(broken)?, parts.next().ok_or_else(broken)?);
    let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP]
        .into_iter()
        .find(|known| magic == MAGIC && known.extension() == format)
        .ok_or_else(broken)?;
    let width: u32 = parts.next().and_then(|width| width.parse().ok()).ok_or_else(broken)?;
    let height: u32 = parts.next().and_then(|height| height.parse().ok()).ok_or_else(broken)?;
    let words = parts.next().ok_or_else(broken)?;
    if u64::from(width) * u64::from(height) > limits.pixels || width.max(height) > limits.side {
        return Err(ImagingError::TooLarge);
    }
    Ok(Parsed { info: ImageInfo { format, width, height }, words, mark })
}

#[async_trait]
impl Imaging for FakeImaging {
    async fn inspect(&self, bytes: Bytes, limits: ImageLimits) -> Result<ImageInfo, ImagingError> {
        Ok(parse(&bytes, limits)?.info)
    }

    async fn clean(&self, bytes: Bytes, limits: ImageLimits) -> Result<CleanImage, ImagingError> {
        let Parsed { info, words, .. } = parse(&bytes, limits)?;
        Ok(CleanImage { info, bytes: fake_image(info.format, info.width, info.height, words) })
    }

    async fn preview(&self, bytes: Bytes, side: u32, limits: ImageLimits) -> Result<Bytes, ImagingError> {
        let Parsed { info, words, .. } = parse(&bytes, limits)?;
        let longer = info.width.max(info.height);
        let scale = |length: u32| if longer <= side { length } else { (length * side / longer).max(1) };
        Ok(fake_image(ImageFormat::Jpeg, scale(info.width), scale(info.height), words))
    }

    async fn mark(&self, bytes: Bytes, provenance: &Provenance) -> Result<Bytes, ImagingError> {
        let Parsed { info, words, .. } = parse(&bytes, ImageLimits::RESULT)?;
        let mut marked = fake_image(info.format, info.width, info.height, words).to_vec();
        marked.extend_from_slice(
            format!("{MARK}trainedAlgorithmicMedia {} {}", provenance.generation, provenance.model)
                .as_bytes(),
        );
        Ok(Bytes::from(marked))
    }

    async fn read_mark(&self, bytes: Bytes) -> Result<Option<Provenance>, ImagingError> {
        let Some(mark) = parse(&bytes, ImageLimits::RESULT)?.mark.map(str::to_owned) else {
            return Ok(None);
        };
        let mut parts = mark.splitn(3, ' ').skip(1);
        let generation: Option<GenerationId> = parts.next().and_then(|id| id.parse().ok());
        Ok(generation
            .zip(parts.next())
            .map(|(generation, model)| Provenance { model: model.to_owned(), generation }))
    }

    async fn fingerprint(&self, bytes: Bytes, limits: ImageLimits) -> Result<PerceptualHash, ImagingError> {
        let words = parse(&bytes, limits)?.words;
        // FNV-1a: different words give very different bits.
        let hash = words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Ok(PerceptualHash(hash))
    }
}
