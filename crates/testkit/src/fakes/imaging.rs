//! Pictures without pixels: lines of text that say what the picture is.
//!
//! The first line is `fake-image FORMAT WIDTH HEIGHT WORDS`; then come, where they apply, a line that says that the
//! picture lies on its side, one with notes (as a camera writes them) and one with the mark; `end` is the last.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    CleanImage, GenerationId, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, PerceptualHash,
    Provenance,
};

const MAGIC: &str = "fake-image";
const ON_ITS_SIDE: &str = "on its side";
const NOTES: &str = "notes: ";
const MARK: &str =
    "DigitalSourceType http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia ";
const END: &str = "end";

/// A picture that [`FakeImaging`] understands: `words` tell one from another.
pub fn fake_image(format: ImageFormat, width: u32, height: u32, words: &str) -> Bytes {
    Picture::upright(ImageInfo { format, width, height }, words).write()
}

/// The same as a camera keeps it: lying on its side, which it says, with `notes` in its metadata.
pub fn fake_photo(format: ImageFormat, width: u32, height: u32, words: &str, notes: &str) -> Bytes {
    let stored = ImageInfo { format, width: height, height: width };
    let photo = Picture { position: Position::OnItsSide, ..Picture::upright(stored, words) };
    Picture { notes: Some(notes.replace('\n', " ")), ..photo }.write()
}

/// What a picture of this size begins with.
pub fn fake_header(format: ImageFormat, width: u32, height: u32) -> Bytes {
    Bytes::from(format!("{MAGIC} {} {width} {height} ", format.extension()))
}

/// Works on pictures made by [`fake_image`] and [`fake_photo`].
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeImaging;

/// How a picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Upright,
    OnItsSide,
}

/// A picture, taken apart.
#[derive(Debug, Clone)]
struct Picture {
    stored: ImageInfo,
    words: String,
    position: Position,
    notes: Option<String>,
    mark: Option<Provenance>,
}

impl Picture {
    fn upright(info: ImageInfo, words: &str) -> Self {
        let words = words.replace('\n', " ");
        Self { stored: info, words, position: Position::Upright, notes: None, mark: None }
    }

    /// What it is to whoever looks at it.
    fn seen(&self) -> ImageInfo {
        match self.position {
            Position::Upright => self.stored,
            Position::OnItsSide => {
                ImageInfo { width: self.stored.height, height: self.stored.width, ..self.stored }
            }
        }
    }

    fn write(&self) -> Bytes {
        let ImageInfo { format, width, height } = self.stored;
        let mut lines = vec![format!("{MAGIC} {} {width} {height} {}", format.extension(), self.words)];
        if self.position == Position::OnItsSide {
            lines.push(ON_ITS_SIDE.to_owned());
        }
        if let Some(notes) = &self.notes {
            lines.push(format!("{NOTES}{notes}"));
        }
        if let Some(Provenance { model, generation }) = &self.mark {
            lines.push(format!("{MARK}{generation} {}", model.escape_default()));
        }
        lines.push(END.to_owned());
        Bytes::from(lines.join("\n"))
    }

    fn read(bytes: &[u8], limits: ImageLimits) -> Result<Self, ImagingError> {
        if bytes.len() > limits.bytes {
            return Err(ImagingError::TooLarge);
        }
        let broken = || ImagingError::NotAnImage(None);
        let text =
            std::str::from_utf8(bytes).map_err(|error| ImagingError::NotAnImage(Some(error.into())))?;
        let mut lines = text.split('\n');
        let mut picture = lines.next().and_then(read_header).ok_or_else(broken)?;
        let ImageInfo { width, height, .. } = picture.stored;
        if u64::from(width) * u64::from(height) > limits.pixels || width.max(height) > limits.side {
            return Err(ImagingError::TooLarge);
        }
        if lines.next_back() != Some(END) {
            return Err(broken());
        }
        for line in lines {
            if line == ON_ITS_SIDE {
                picture.position = Position::OnItsSide;
            } else if let Some(notes) = line.strip_prefix(NOTES) {
                picture.notes = Some(notes.to_owned());
            } else {
                let mark = line.strip_prefix(MARK).and_then(read_mark);
                picture.mark = Some(mark.ok_or_else(broken)?);
            }
        }
        Ok(picture)
    }
}

fn read_header(line: &str) -> Option<Picture> {
    let mut parts = line.splitn(5, ' ');
    let (magic, format) = (parts.next()?, parts.next()?);
    let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP]
        .into_iter()
        .find(|known| magic == MAGIC && known.extension() == format)?;
    let (width, height) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Picture::upright(ImageInfo { format, width, height }, parts.next()?))
}

fn read_mark(mark: &str) -> Option<Provenance> {
    let (generation, model) = mark.split_once(' ')?;
    let generation: GenerationId = generation.parse().ok()?;
    Some(Provenance { model: unescape(model)?, generation })
}

/// Undoes `escape_default`.
fn unescape(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let code: String =
                        characters.by_ref().skip(1).take_while(|digit| *digit != '}').collect();
                    char::from_u32(u32::from_str_radix(&code, 16).ok()?)?
                }
                itself => itself,
            },
            itself => itself,
        });
    }
    Some(plain)
}

#[async_trait]
impl Imaging for FakeImaging {
    async fn inspect(&self, bytes: Bytes, limits: ImageLimits) -> Result<ImageInfo, ImagingError> {
        Ok(Picture::read(&bytes, limits)?.stored)
    }

    async fn clean(&self, bytes: Bytes, limits: ImageLimits) -> Result<CleanImage, ImagingError> {
        let picture = Picture::read(&bytes, limits)?;
        let info = picture.seen();
        Ok(CleanImage { info, bytes: Picture::upright(info, &picture.words).write() })
    }

    async fn preview(&self, bytes: Bytes, side: u32, limits: ImageLimits) -> Result<Bytes, ImagingError> {
        let picture = Picture::read(&bytes, limits)?;
        let seen = picture.seen();
        let longer = seen.width.max(seen.height);
        let scale = |length: u32| if longer <= side { length } else { (length * side / longer).max(1) };
        Ok(fake_image(ImageFormat::Jpeg, scale(seen.width), scale(seen.height), &picture.words))
    }

    async fn mark(&self, bytes: Bytes, provenance: &Provenance) -> Result<Bytes, ImagingError> {
        let picture = Picture::read(&bytes, ImageLimits::RESULT)?;
        Ok(Picture { mark: Some(provenance.clone()), ..picture }.write())
    }

    async fn read_mark(&self, bytes: Bytes) -> Result<Option<Provenance>, ImagingError> {
        Ok(Picture::read(&bytes, ImageLimits::RESULT)?.mark)
    }

    async fn fingerprint(&self, bytes: Bytes, limits: ImageLimits) -> Result<PerceptualHash, ImagingError> {
        let picture = Picture::read(&bytes, limits)?;
        // FNV-1a: different words give very different bits.
        let hash = picture.words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Ok(PerceptualHash(hash))
    }
}
