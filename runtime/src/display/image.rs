//! Pictures, from files and from arrays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::{ArrayView2, ArrayView3, AsArray, Ix2, Ix3};

use super::{MimeBundle, Show};

/// A picture, as a PNG or JPEG. Python: `IPython.display.Image`, matplotlib's `imshow`.
///
/// ```
/// use ndarray::Array2;
/// use woozle::display::{Image, Show};
///
/// let ramp = Array2::from_shape_fn((20, 100), |(_, x)| x as f64);
/// let picture = Image::gray(&ramp)?;
/// assert!(picture.mime_bundle().get("image/png").is_some());
/// # Ok::<(), woozle::display::ImageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    mime: &'static str,
    data: Vec<u8>,
    /// What a console shows.
    text: String,
}

/// Why there is no picture.
#[derive(thiserror::Error)]
pub enum ImageError {
    /// The array has no pixels.
    #[error("the array has the shape {0:?}, so it has no pixels")]
    Empty(Vec<usize>),
    /// The last axis of a colour picture is red, green, blue, and perhaps opacity.
    #[error("the last axis has {0} values; it takes 3 (red, green, blue) or 4 (and opacity)")]
    Channels(usize),
    /// The data are neither a PNG nor a JPEG.
    #[error("these bytes are neither a PNG nor a JPEG")]
    Unknown,
    /// Writing the PNG failed.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(#[from] png::EncodingError),
}

debug_is_display!(ImageError);

impl Image {
    /// The bytes of a PNG or JPEG file.
    ///
    /// # Errors
    /// [`ImageError::Unknown`] when they are something else.
    pub fn from_bytes(data: Vec<u8>) -> Result<Self, ImageError> {
        let mime = match data.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            _ => return Err(ImageError::Unknown),
        };
        let text = format!("<{mime}, {} bytes>", data.len());
        Ok(Self { mime, data, text })
    }

    /// Rows and columns of numbers in shades of gray: the least is black, the greatest white;
    /// what is no number is transparent.
    ///
    /// # Errors
    /// When there are no pixels.
    pub fn gray<'a, T: Copy + Into<f64> + 'a>(
        pixels: impl AsArray<'a, T, Ix2>,
    ) -> Result<Self, ImageError> {
        let pixels: ArrayView2<'a, T> = pixels.into();
        let numbers = || {
            pixels
                .iter()
                .map(|&n| n.into())
                .filter(|n: &f64| n.is_finite())
        };
        let least = numbers().fold(f64::INFINITY, f64::min);
        let range = numbers().fold(f64::NEG_INFINITY, f64::max) - least;
        let shade = |n: f64| match (n.is_nan(), range > 0.0) {
            (true, _) => [0, 0],
            (_, true) => [
                (((n - least) / range).clamp(0.0, 1.0) * 255.0).round() as u8,
                255,
            ],
            (_, false) => [128, 255],
        };
        let bytes = pixels.iter().flat_map(|&n| shade(n.into())).collect();
        let (height, width) = pixels.dim();
        Self::encode(width, height, png::ColorType::GrayscaleAlpha, bytes)
    }

    /// Rows, columns, and red, green and blue (and opacity) from 0 to 255.
    ///
    /// # Errors
    /// When there are no pixels, or the last axis has neither 3 nor 4 values.
    pub fn rgb<'a>(pixels: impl AsArray<'a, u8, Ix3>) -> Result<Self, ImageError> {
        let pixels: ArrayView3<'a, u8> = pixels.into();
        let (height, width, channels) = pixels.dim();
        let colours = match channels {
            3 => png::ColorType::Rgb,
            4 => png::ColorType::Rgba,
            n => return Err(ImageError::Channels(n)),
        };
        Self::encode(width, height, colours, pixels.iter().copied().collect())
    }

    fn encode(
        width: usize,
        height: usize,
        colours: png::ColorType,
        bytes: Vec<u8>,
    ) -> Result<Self, ImageError> {
        let (Ok(w), Ok(h), false) = (width.try_into(), height.try_into(), bytes.is_empty()) else {
            return Err(ImageError::Empty(vec![height, width]));
        };
        let mut data = Vec::new();
        let mut encoder = png::Encoder::new(&mut data, w, h);
        encoder.set_color(colours);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&bytes)?;
        writer.finish()?;
        Ok(Self {
            mime: "image/png",
            data,
            text: format!("<image, {width} x {height}>"),
        })
    }

    /// The file's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }
}

impl Show for Image {
    fn mime_bundle(&self) -> MimeBundle {
        MimeBundle::text(&self.text).with(self.mime, STANDARD.encode(&self.data))
    }
}
