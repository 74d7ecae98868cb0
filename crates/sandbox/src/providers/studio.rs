//! Where the servers get their pictures.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::settings::{PictureSource, Settings};
use crate::faults::Fault;
use crate::paint::{self, Likeness, PaintError, Painting, Picture, PictureFormat, Size};

/// How many different pictures a stock of one size and format holds.
const STOCK: u64 = 4;

/// A picture to make.
#[derive(Debug, Clone)]
pub(super) struct Commission {
    pub(super) prompt: String,
    pub(super) seed: u64,
    /// Before the settings' longest edge is applied.
    pub(super) size: Size,
    pub(super) format: PictureFormat,
    pub(super) model: String,
    /// The person to paint.
    pub(super) likeness: Option<Likeness>,
}

/// Why no picture was made.
#[derive(Debug, thiserror::Error)]
pub(super) enum StudioError {
    #[error(transparent)]
    Paint(#[from] PaintError),
    #[error("the painter ended early: {0}")]
    Ended(#[from] tokio::task::JoinError),
}

/// Makes pictures, for the time that the settings say.
pub(super) struct Studio {
    settings: Settings,
    stock: Mutex<Vec<Picture>>,
    huge: OnceLock<Picture>,
}

impl Studio {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, stock: Mutex::default(), huge: OnceLock::new() }
    }

    /// Makes a picture, or what a fault wants in its place. The work is done within the time that a
    /// generation takes, not after it.
    pub(super) async fn make(
        self: &Arc<Self>,
        commission: Commission,
        fault: Option<&Fault>,
    ) -> Result<Picture, StudioError> {
        let settings = self.settings.current();
        let size = commission.size.within(settings.longest_edge);
        if fault == Some(&Fault::NotAnImage) {
            return Ok(paint::not_an_image(size, commission.format));
        }
        let is_huge = fault == Some(&Fault::HugeImage);
        let studio = Arc::clone(self);
        let picture = tokio::task::spawn_blocking(move || {
            if is_huge {
                return studio.huge();
            }
            match settings.pictures {
                PictureSource::Painted => paint_commission(&commission, size),
                PictureSource::Stock => studio.of_stock(&commission, size),
            }
        });
        Ok(picture.await??)
    }

    fn huge(&self) -> Result<Picture, PaintError> {
        if let Some(picture) = self.huge.get() {
            return Ok(picture.clone());
        }
        let picture = paint::forty_megapixels()?;
        Ok(self.huge.get_or_init(|| picture).clone())
    }

    fn of_stock(&self, commission: &Commission, size: Size) -> Result<Picture, PaintError> {
        let mut stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = usize::try_from(commission.seed % STOCK).unwrap_or(0);
        let fits = |picture: &&Picture| picture.size == size && picture.format == commission.format;
        if let Some(picture) = stock.iter().filter(fits).nth(wanted) {
            return Ok(picture.clone());
        }
        let picture = paint_commission(commission, size)?;
        stock.push(picture.clone());
        Ok(picture)
    }
}

fn paint_commission(commission: &Commission, size: Size) -> Result<Picture, PaintError> {
    let painting = Painting {
        prompt: commission.prompt.clone(),
        seed: commission.seed,
        size,
        model: commission.model.clone(),
        likeness: commission.likeness.clone(),
    };
    paint::paint(&painting, commission.format)
}
