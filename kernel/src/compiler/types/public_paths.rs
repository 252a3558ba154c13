//! Where types of added crates are public, as far as rustc has been asked.

use std::collections::BTreeMap;

/// Definition paths, and the modules in which they are public; `None` if none was found.
pub type PublicPaths = BTreeMap<String, Option<String>>;
