//! What a notebook asks for, and the settings of its folder.
//!
//! | part | module |
//! |---|---|
//! | reading a `:dep` line | [`spec`] |
//! | crates as they are asked for | [`specs`] |
//! | crates on this machine's disk | [`local`], [`contents`] |
//! | settings for cargo | [`config`] |
//! | versions that are locked | [`lock`] |

pub mod config;
mod contents;
pub(super) mod local;
pub mod lock;
pub mod spec;
pub(super) mod specs;

use std::collections::{BTreeMap, BTreeSet};

use config::Config;
pub use specs::Specs;

/// How crates are built.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether cargo does without the network.
    pub offline: bool,
    /// Environment variables for build scripts.
    pub environment: BTreeMap<String, String>,
    /// What takes the place of crates of a registry, by the registry's name or address.
    pub patches: BTreeMap<String, Specs>,
    /// What cargo finds in the notebook's folder.
    pub config: Config,
    /// The versions that the notebook's folder is locked to.
    pub lock: Option<String>,
}

impl Settings {
    /// The names of the crates that others take the place of.
    pub(super) fn patched(&self) -> BTreeSet<String> {
        let own = self.patches.values().flatten();
        let mut names: BTreeSet<String> = own
            .map(|(name, value)| specs::package(name, value).into_owned())
            .collect();
        names.extend(self.config.patched());
        names
    }

    /// Lines, and beside them those of the patches.
    pub(super) fn with_patches(&self, mut lines: Specs) -> Specs {
        for (source, crates) in &self.patches {
            let named = crates.iter();
            lines.extend(named.map(|(name, value)| (specs::patch(source, name), value.clone())));
        }
        lines
    }
}
