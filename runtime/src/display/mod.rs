//! Showing values in other ways than as text, as `IPython.display` does.
//!
//! The value of a cell's last expression is shown by itself: as its [`Show`] says, else by its
//! `evcxr_display` method, which plotters and other crates offer, else in its Debug form. In the
//! middle of a cell, and in its threads, [`display!`](crate::display!) shows.
//!
//! | Python | Woozle |
//! | --- | --- |
//! | `_repr_mimebundle_`, `_repr_html_`, ... | [`Show`], [`MimeBundle`] |
//! | `display(x)`, `DisplayHandle` | [`display!`](crate::display!), [`display()`], [`DisplayHandle`] |
//! | `display(x, display_id=...)`, `update_display` | [`display_as`], [`update_display`] |
//! | `clear_output` | [`clear_output`] |
//! | `HTML`, `Markdown`, `Latex`, `SVG`, `JSON` | [`Html`], [`Markdown`], [`Latex`], [`Svg`], [`Json`], [`Text`] |
//! | `Image`, matplotlib's `imshow` | [`Image`] |
//! | a `DataFrame`'s table | [`Table`], of a slice of structs or of an array |
//! | tqdm | [`progress`](crate::progress) |
//! | `Audio`, `Video`, `IFrame`, `Javascript` | as [`Html`] |

mod bundle;
mod formats;
mod handle;
mod image;
#[doc(hidden)]
pub mod plain;
#[doc(hidden)]
pub mod rich;
mod table;
#[doc(hidden)]
pub mod value;

pub use bundle::{MimeBundle, Show};
pub use formats::{Html, Json, Latex, Markdown, Svg, Text, escape};
pub(crate) use handle::send;
pub use handle::{DisplayHandle, clear_output, display, display_as, update_display};
pub use image::{Image, ImageError};
pub use table::{Table, TableError};

#[cfg(test)]
mod tests;
