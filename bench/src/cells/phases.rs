//! Where the time of a cell goes.

use std::path::Path;

use crate::bare::{self, PASSES};
use crate::client::kernel::Logged;
use crate::report::document::{Table, time};

/// What the kernel does, by the names in its log.
const KERNEL: [(&str, &str); 5] = [
    (
        "compiler_us",
        "parse, plan, write the source, read the result",
    ),
    ("rustc_us", "rustc"),
    ("linking_us", "link"),
    ("host_us", "load and run"),
    ("remember_us", "remember variables, ask for the checkpoint"),
];

/// Sums over cells.
#[derive(Debug, Default)]
pub(super) struct Phases {
    cells: f64,
    sums: [f64; KERNEL.len()],
    total: f64,
    runs: f64,
    looked: f64,
    passes: [f64; PASSES.len()],
    rustc: f64,
}

impl Phases {
    /// Adds a cell: what the kernel has logged, and how long the client waited.
    pub(super) fn note(&mut self, logged: &Logged, total: f64) {
        self.cells += 1.0;
        for (sum, (name, _)) in self.sums.iter_mut().zip(KERNEL) {
            *sum += logged.seconds(name);
        }
        self.runs += logged.number("runs");
        self.total += total;
    }

    /// Adds rustc's own account of a crate.
    pub(super) fn look_into(&mut self, sources: &Path) -> anyhow::Result<()> {
        let (passes, total) = bare::passes(sources)?;
        self.looked += 1.0;
        self.rustc += total;
        for (sum, pass) in self.passes.iter_mut().zip(passes) {
            *sum += pass;
        }
        Ok(())
    }

    pub(super) fn kernel(&self) -> Table {
        let mut table = Table::new(["phase", "mean", "part"]);
        let mut row = |name: String, sum: f64| {
            table.row(part(name, sum / self.cells, self.total / self.cells))
        };
        for (&sum, (_, name)) in self.sums.iter().zip(KERNEL) {
            let name = match name {
                "rustc" => format!("rustc ({:.2} runs)", self.runs / self.cells),
                name => name.to_owned(),
            };
            row(name, sum);
        }
        let rest = self.total - self.sums.iter().sum::<f64>();
        row("messages between client and kernel".to_owned(), rest);
        row("all".to_owned(), self.total);
        table
    }

    pub(super) fn rustc(&self) -> Table {
        let mut table = Table::new(["rustc's phase", "mean", "part"]);
        let mut row = |name: &str, sum: f64| {
            table.row(part(
                name.to_owned(),
                sum / self.looked,
                self.rustc / self.looked,
            ));
        };
        for (&sum, (name, _)) in self.passes.iter().zip(PASSES) {
            row(name, sum);
        }
        let rest = self.rustc - self.passes.iter().sum::<f64>();
        row("the rest", rest);
        row("all", self.rustc);
        table
    }
}

fn part(name: String, mean: f64, total: f64) -> [String; 3] {
    [name, time(mean), format!("{:.0} %", mean / total * 100.0)]
}
