//! What all of a picture's parts have in common: lengths, colours, and text as XML.

/// All lengths are those of the picture's own coordinates, which are CSS pixels where there is room.
pub(super) const WIDTH: f64 = 960.0;
/// At the right.
pub(super) const MARGIN: f64 = 14.0;
/// What a letter takes, at most.
pub(super) const LETTER: f64 = 6.0;

/// The colours of locks.
const LOCKS: [&str; 6] = [
    "#e11d48", "#7c3aed", "#0891b2", "#ca8a04", "#16a34a", "#db2777",
];

/// The colour of a lock, by its number.
pub(super) fn colour(lock: usize) -> &'static str {
    LOCKS[lock % LOCKS.len()]
}

/// A text within XML.
pub(in super::super) fn escaped(text: &str) -> String {
    // Control characters are not allowed in XML, not even escaped.
    let text: String = text
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect();
    crate::system::text::escaped(&text)
}
