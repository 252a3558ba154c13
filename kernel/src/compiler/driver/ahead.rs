//! What rustc is told of crates for which there is no source yet.
//!
//! A rustc that waits has been told the number of its crate. So it is the one that waits who decides on a cell's number, and numbers
//! need not follow each other in the order of the cells.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use super::Compiler;
use crate::compiler::codegen::krate::HEAD;
use crate::compiler::rustc::arguments::{Arguments, extern_argument};
use crate::compiler::rustc::mode::{Kind, Mode};
use crate::compiler::rustc::toolchain::Toolchain;
use crate::compiler::rustc::warm::Ahead;
use crate::compiler::rustc::{DebugInfo, compile_again};

/// How many numbers beyond its own a rustc is told of that waits: so many cells it may stay.
const BEYOND: u32 = 32;

impl Compiler {
    /// Has rustc begin with what most cells need.
    pub(super) fn prepare(&mut self) {
        let Toolchain { warm, rustc, .. } = self.toolchain.clone();
        warm.prepare(&rustc, &self.layout);
        for mir in [false, true] {
            let kind = Kind {
                mode: Mode::Debug,
                mir,
            };
            let ahead = self.foreseen(kind);
            warm.prepare_ahead(&rustc, &self.layout, &ahead);
        }
    }

    /// The number of a crate of this kind.
    pub(super) fn serial_for(&mut self, kind: Kind) -> u32 {
        let warm = &self.toolchain.warm;
        warm.retain_ahead(|ahead| ahead.own == self.own_arguments(ahead.serial, ahead.kind));
        let exact = warm.find_ahead(|ahead| ahead.kind == kind);
        let found = exact.or_else(|| warm.find_ahead(|ahead| ahead.kind.includes(kind)));
        found.map_or_else(|| self.serials.next(), |(serial, _)| serial)
    }

    /// What is to be started while a crate of this number and kind is compiled.
    pub(super) fn meanwhile(&mut self, serial: u32, kind: Kind) -> Option<Ahead> {
        // What is seldom is not worth the memory that waiting costs.
        if !matches!(kind.mode, Mode::Debug | Mode::Debuggable | Mode::Level(_)) {
            return None;
        }
        let warm = &self.toolchain.warm;
        let its_own = warm.find_ahead(|ahead| ahead.serial == serial);
        let kind = its_own.map_or(kind, |(_, kind)| kind);
        let waits = warm.find_ahead(|ahead| ahead.kind == kind && ahead.serial != serial);
        waits.is_none().then(|| self.foreseen(kind))
    }

    fn foreseen(&mut self, kind: Kind) -> Ahead {
        let serial = self.serials.next();
        self.known.extend(serial..=serial + BEYOND);
        self.announce();
        self.told(serial, kind, &Arc::new(self.known.clone()))
    }

    /// What rustc is told of a crate.
    fn told(&self, serial: u32, kind: Kind, known: &Arc<BTreeSet<u32>>) -> Ahead {
        let others = known.iter().filter(|other| **other != serial);
        let others = others.map(|other| extern_argument(&self.layout, *other));
        Ahead {
            serial,
            kind,
            head: HEAD,
            known: Arc::clone(known),
            own: self.own_arguments(serial, kind),
            crates: others.collect::<Vec<String>>().join("\n"),
        }
    }

    /// The arguments for a crate, without the crates of other cells: those are many in a long notebook.
    fn own_arguments(&self, serial: u32, kind: Kind) -> String {
        let arguments = Arguments {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial,
            kind,
        };
        arguments.list(std::iter::empty()).join("\n")
    }

    /// Makes the files that later crates are read from, empty: rustc looks into their folder only once, as it starts.
    fn announce(&mut self) {
        let is_there = |serial: &u32| self.layout.metadata(*serial).exists();
        if !self.announced.last().is_some_and(is_there) {
            self.announced.clear(); // in a new folder
        }
        for serial in self.known.difference(&self.announced) {
            let made = File::create_new(self.layout.metadata(*serial));
            if let Err(error) = made.map(drop)
                && error.kind() != ErrorKind::AlreadyExists
            {
                tracing::debug!(%error, serial, "a crate could not be announced");
            }
        }
        self.announced.clone_from(&self.known);
    }

    /// The crates of earlier cells that a crate may use which names these.
    pub(super) fn needs_of(&self, crates: &BTreeSet<u32>) -> BTreeSet<u32> {
        let of_those = crates.iter().filter_map(|serial| self.needs.get(serial));
        of_those.flatten().chain(crates).copied().collect()
    }

    /// Compiles a crate once more, for the lines of its functions.
    ///
    /// # Errors
    /// When rustc or the linker fails.
    pub(crate) fn compile_with_lines(&self, serial: u32) -> io::Result<PathBuf> {
        self.again(serial)(DebugInfo::Lines)
    }

    /// What compiles a crate once more, on whatever thread.
    pub(crate) fn again(&self, serial: u32) -> impl Fn(DebugInfo) -> io::Result<PathBuf> + use<> {
        let (toolchain, layout) = (self.toolchain.clone(), self.layout.clone());
        let needs = self.needs.get(&serial).cloned().unwrap_or_default();
        move |info| compile_again(&toolchain, &layout, serial, &needs, info)
    }
}
