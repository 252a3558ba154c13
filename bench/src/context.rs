//! What all commands share: the options, and the peers that were found.

use std::path::PathBuf;

use clap::Args;

use crate::client::peers::{self, Missing, Peer};
use crate::measure;

/// The options of all commands.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Everything once and briefly: it only shows that it runs, and the figures are worth nothing
    #[arg(long, global = true)]
    quick: bool,
    /// The kernel to measure; without it, cargo builds this checkout's, optimised
    #[arg(long, global = true, env = "WOOZLE")]
    woozle: Option<PathBuf>,
    /// The program evcxr_jupyter
    #[arg(
        long,
        global = true,
        env = "EVCXR_JUPYTER",
        default_value = "evcxr_jupyter"
    )]
    evcxr: PathBuf,
    /// The sources of Rust's standard library, which evcxr_jupyter wants; without it, those of the toolchain
    #[arg(long, global = true, env = "RUST_SRC_PATH")]
    rust_src: Option<PathBuf>,
    /// The python3 that has ipykernel and loky
    #[arg(long, global = true, default_value = "python3")]
    python: PathBuf,
    /// Where `report` writes
    #[arg(long, global = true, default_value = "docs")]
    docs: PathBuf,
}

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) woozle: Peer,
    pub(crate) evcxr: Result<Peer, Missing>,
    pub(crate) ipykernel: Result<Peer, Missing>,
    pub(crate) python: PathBuf,
    pub(crate) docs: PathBuf,
}

impl Context {
    pub(crate) fn new(settings: Settings) -> anyhow::Result<Self> {
        measure::set_quick(settings.quick);
        Ok(Self {
            woozle: peers::woozle(settings.woozle)?,
            evcxr: peers::evcxr(&settings.evcxr, settings.rust_src)?,
            ipykernel: peers::ipykernel(&settings.python),
            python: settings.python,
            docs: settings.docs,
        })
    }

    /// The kernels for Rust, and what is said of the one that is missing.
    pub(crate) fn rust_kernels(&self) -> (Vec<&Peer>, Vec<String>) {
        split([Ok(&self.woozle), self.evcxr.as_ref()])
    }

    /// All kernels.
    pub(crate) fn kernels(&self) -> (Vec<&Peer>, Vec<String>) {
        split([
            Ok(&self.woozle),
            self.evcxr.as_ref(),
            self.ipykernel.as_ref(),
        ])
    }
}

fn split<'a>(
    peers: impl IntoIterator<Item = Result<&'a Peer, &'a Missing>>,
) -> (Vec<&'a Peer>, Vec<String>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for peer in peers {
        match peer {
            Ok(peer) => found.push(peer),
            Err(why) => missing.push(why.to_string()),
        }
    }
    (found, missing)
}
