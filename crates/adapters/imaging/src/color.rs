//! Colours that mean the same everywhere.

use image::DynamicImage;
use moxcms::{CmsError, ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The same colours as sRGB, which is what an image without a profile is taken for. An image whose profile cannot be
/// understood is left as it is, as viewers do.
pub(crate) fn to_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let Some(profile) = profile.and_then(rgb_profile) else {
        return image;
    };
    let converted = if image.color().has_alpha() {
        let mut pixels = image.to_rgba8();
        convert(&profile, Layout::Rgba, &mut pixels).map(|()| DynamicImage::ImageRgba8(pixels))
    } else {
        let mut pixels = image.to_rgb8();
        convert(&profile, Layout::Rgb, &mut pixels).map(|()| DynamicImage::ImageRgb8(pixels))
    };
    converted.unwrap_or(image)
}

/// A profile for images of red, green and blue; those for grey, paper and ink mean little on a screen.
fn rgb_profile(profile: &[u8]) -> Option<ColorProfile> {
    ColorProfile::new_from_slice(profile).ok().filter(|profile| profile.color_space == DataColorSpace::Rgb)
}

fn convert(from: &ColorProfile, layout: Layout, samples: &mut [u8]) -> Result<(), CmsError> {
    let to = ColorProfile::new_srgb();
    let transform = from.create_transform_8bit(layout, &to, layout, TransformOptions::default())?;
    let original = samples.to_vec();
    transform.transform(&original, samples)
}
