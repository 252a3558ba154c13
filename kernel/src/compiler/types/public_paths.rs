//! Where types of added crates are public, as far as rustc has been asked.

use std::collections::BTreeMap;

/// Definition paths, and the modules in which they are public; `None` if none was found.
pub type PublicPaths = BTreeMap<String, Option<String>>;

/// The paths in a type, as `std::any::type_name` spells it.
pub fn paths_in(type_name: &str) -> impl Iterator<Item = &str> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = type_name.split(move |c| !is_path(c));
    words.filter(|word| word.contains("::"))
}
