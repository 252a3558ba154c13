//! `%%timeline`: what the threads of a cell did, drawn.
//!
//! | part | module |
//! |---|---|
//! | what there is to show: lanes, their segments, who woke whom | [`picture`] |
//! | from what the processes have recorded to that | [`reading`]: a thread's lane ([`lanes`]), where it was ([`calls`]), who woke whom ([`wakes`]), who held what ([`locks`]) |
//! | the picture | [`svg`] |
//! | where threads waited, as a table | [`table`] |
//! | all of it as text | [`text`] |
//! | a file for Perfetto | [`perfetto`] |

mod calls;
mod lanes;
mod locks;
pub(crate) mod perfetto;
pub(crate) mod picture;
mod reading;
mod svg;
mod table;
mod text;
mod wakes;

pub(crate) use picture::Picture;
pub(crate) use reading::picture;

/// The picture by mime type.
pub(crate) fn bundle(picture: &Picture) -> Vec<(String, String)> {
    let drawing = svg::Drawing::of(picture);
    let html = format!("{}{}", drawing.within_page(), table::html(picture));
    let shown = [
        ("text/plain", text::text(picture)),
        ("text/html", html),
        ("image/svg+xml", drawing.image()),
    ];
    shown.map(|(mime, text)| (mime.to_owned(), text)).to_vec()
}

#[cfg(test)]
mod tests;
