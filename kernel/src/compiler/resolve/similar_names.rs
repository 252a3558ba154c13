//! Names that a user may have meant.

/// The name that is nearly this one.
pub fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.map(|name| (strsim::damerau_levenshtein(name, word), name));
    let near = near.filter(|(distance, name)| *distance <= 2 && *distance < name.len());
    near.min().map(|(_, name)| name)
}
