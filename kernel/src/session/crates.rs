//! Crates that `:dep` adds to the session: built, loaded into the host, known to the compiler.

use std::time::{Duration, Instant};

use rustix::process::Pid;
use woozle::protocol::Command;

use super::backend::Interrupter;
use super::execute::Work;
use super::report;
use super::say::{note_on, warn_on};
use crate::cargo::{self, CargoError, Step};
use crate::deps::{self, Bundle, DepError, Settings, Specs, words};
use crate::server::CellContext;
use crate::wire::content::ReplyError;

/// The crates of a session.
#[derive(Debug, Default)]
pub(super) struct Crates {
    /// Those that the cell at hand wants.
    pub(super) wanted: Specs,
    /// How they are built.
    pub(super) settings: Settings,
    /// What is loaded: the crates of one cell, and the package that was built for them.
    loaded: Vec<(Specs, String)>,
}

impl Crates {
    fn is_loaded(&self, package: &str) -> bool {
        self.loaded.iter().any(|(_, loaded)| loaded == package)
    }

    /// The crates that have changed on the disk since they were loaded.
    fn changed(&self, tools: &crate::toolchain::Toolchain) -> Vec<Specs> {
        let changed = self.loaded.iter().filter(|(specs, package)| {
            deps::has_local(specs) && deps::package(tools, specs) != *package
        });
        changed.map(|(specs, _)| specs.clone()).collect()
    }
}

impl cargo::Watch for Interrupter {
    fn started(&self, process: Pid) {
        self.may_kill(Some(process));
    }

    fn ended(&self) {
        self.may_kill(None);
    }
}

impl Work {
    /// Builds the crates that the cell's commands have asked for.
    pub(super) fn add_wanted_crates(&mut self, context: &CellContext) -> Result<(), ReplyError> {
        let mut specs = std::mem::take(&mut self.crates.wanted);
        specs.retain(|name, value| {
            let one = Specs::from([(name.clone(), value.clone())]);
            let has = self.dependencies.get(name) == Some(value) && !deps::has_local(&one);
            !has && !deps::is_built_in(name, value)
        });
        if specs.is_empty() || self.crates.is_loaded(&deps::package(&self.tools, &specs)) {
            return Ok(());
        }
        self.add_crates(specs, context)
    }

    /// Builds local crates again that have changed on the disk.
    pub(super) fn refresh_crates(&mut self, context: &CellContext) -> Result<(), ReplyError> {
        for specs in self.crates.changed(&self.tools) {
            self.add_crates(specs, context)?;
        }
        Ok(())
    }

    fn add_crates(&mut self, specs: Specs, context: &CellContext) -> Result<(), ReplyError> {
        let mut progress = Progress::new(&specs, context);
        let watch: Option<&dyn cargo::Watch> = Some(&*self.interrupter);
        let settings = &self.crates.settings;
        let built = deps::get(&self.tools, &specs, settings, watch, &mut |step| {
            progress.note(step);
        });
        let bundle = match built {
            Ok(bundle) => bundle,
            Err(_) if self.interrupter.was_interrupted() => {
                progress.clear();
                let text =
                    "the building of crates was interrupted; the next time it goes on from here";
                return Err(report::error("KeyboardInterrupt", text));
            }
            Err(error) => {
                progress.clear();
                return Err(failure(&error, &deps::package(&self.tools, &specs)));
            }
        };
        progress.finish(&deps::versions(&bundle, &specs));
        self.load_crates(specs, bundle, context);
        Ok(())
    }

    fn load_crates(&mut self, specs: Specs, bundle: Bundle, context: &CellContext) {
        let own = bundle
            .externs
            .iter()
            .filter(|(name, _)| *name == bundle.name);
        for (_, library) in own {
            self.host.send(Command::Load {
                library: library.to_string_lossy().into_owned(),
            });
            self.libraries.push(library.clone());
        }
        let crates: Vec<String> = specs.keys().map(|name| name.replace('-', "_")).collect();
        self.forget_types_of(&crates, context);
        let toolchain = &mut self.compiler.toolchain;
        toolchain.externs.retain(|(name, _)| !crates.contains(name));
        toolchain.externs.extend(bundle.externs);
        toolchain.dependencies.extend(crates);
        if deps::has_executor(&specs) {
            toolchain.executor = Some(bundle.name.clone());
        }
        toolchain.bundles.push(bundle.name.clone());
        toolchain.search.push(bundle.search);
        self.dependencies.extend(specs.clone());
        self.crates.loaded.retain(|(other, _)| *other != specs);
        self.crates.loaded.push((specs, bundle.name));
    }

    /// Another build of these crates takes the place of one that may be in use: what is of a type
    /// of theirs ends, since no later cell could name that type.
    fn forget_types_of(&mut self, crates: &[String], context: &CellContext) {
        let known = &self.compiler.toolchain.dependencies;
        let replaced: Vec<String> = crates
            .iter()
            .filter(|name| known.contains(name))
            .map(|name| format!("{name}::"))
            .collect();
        let is_of = |text: &str| replaced.iter().any(|root| text.contains(root.as_str()));
        self.compiler.public_paths.retain(|path, _| !is_of(path));
        let variables = &mut self.scope.variables;
        let ended: Vec<String> = variables
            .extract_if(.., |_, variable| is_of(&variable.ty))
            .map(|(name, _)| name)
            .collect();
        if ended.is_empty() {
            return;
        }
        for name in &ended {
            let reason = format!(
                "`{name}` was of a type of a crate that was built anew; run the cell that makes it again"
            );
            self.scope.lost.insert(name.clone(), reason);
        }
        let names: Vec<String> = ended.iter().map(|name| format!("`{name}`")).collect();
        let text = format!(
            "{} ended, being of a type of a crate that was built anew",
            names.join(", ")
        );
        note_on(context, &text);
        self.host.send(Command::Forget { names: ended });
    }
}

/// What went wrong, first in a line or two, then as cargo says it.
fn failure(error: &DepError, package: &str) -> ReplyError {
    let DepError::Cargo(CargoError::Failed(said)) = error else {
        return report::error("dep", &error.to_string());
    };
    let explained = words::explain(said, package);
    let help = explained.help.map(|help| format!("help: {help}"));
    let said = explained.cargo.lines().map(|line| format!("  {line}"));
    let mut error = report::error("dep", &explained.what);
    error.traceback.extend(help);
    error
        .traceback
        .extend([String::new(), "cargo said:".to_owned()]);
    error.traceback.extend(said);
    error
}

/// What is shown while crates are built. In a front end that can, a line that changes in place;
/// else one line at the beginning and one at the end.
struct Progress<'a> {
    context: &'a CellContext,
    names: String,
    begin: Instant,
    /// How many crates cargo has begun to compile.
    crates: u32,
    now: String,
    /// The width of the line that is shown; 0 if none is.
    width: usize,
    last: Option<Instant>,
    has_begun: bool,
}

/// The line changes at most this often.
const PACE: Duration = Duration::from_millis(100);

impl<'a> Progress<'a> {
    fn new(specs: &Specs, context: &'a CellContext) -> Self {
        Self {
            context,
            names: specs.keys().cloned().collect::<Vec<_>>().join(", "),
            begin: Instant::now(),
            crates: 0,
            now: String::new(),
            width: 0,
            last: None,
            has_begun: false,
        }
    }

    fn note(&mut self, step: Step<'_>) {
        if let Step::Said(line) = step {
            tracing::info!("{line}");
            match line.split_once(' ') {
                Some(("Compiling", package)) if !package.starts_with("woozle_deps_") => {
                    self.crates += 1;
                    let package = package.split(" (").next().unwrap_or(package);
                    self.now = format!("compiling {package}");
                }
                Some(("Updating" | "Downloading" | "Blocking", _)) => {
                    self.now = line.to_lowercase()
                }
                Some(("Downloaded", package)) => self.now = format!("downloaded {package}"),
                _ => return,
            }
        }
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        if !self.context.allow_stdin {
            if is_first {
                let text = format!("Building {}; this happens once.\n", self.names);
                warn_on(self.context, &text);
            }
        } else if self.last.is_none_or(|last| last.elapsed() >= PACE) {
            self.last = Some(Instant::now());
            let seconds = self.begin.elapsed().as_secs();
            self.show(&format!(
                "Building {} ({seconds} s): {}",
                self.names, self.now
            ));
        }
    }

    /// Puts a text in the place of the line; front ends do not know how to clear the rest of it.
    fn show(&mut self, text: &str) {
        let width = text.chars().count();
        let rest = " ".repeat(self.width.saturating_sub(width));
        warn_on(self.context, &format!("\r{text}{rest}"));
        self.width = width;
    }

    fn finish(&mut self, versions: &[String]) {
        if !self.has_begun {
            return; // it was there
        }
        let seconds = self.begin.elapsed().as_secs_f64();
        let text = format!(
            "Added {} ({} crate{} built in {seconds:.1} s)",
            versions.join(", "),
            self.crates,
            if self.crates == 1 { "" } else { "s" },
        );
        if self.width > 0 {
            self.show(&text);
            warn_on(self.context, "\n");
        } else {
            warn_on(self.context, &format!("{text}\n"));
        }
    }

    /// Takes the line away.
    fn clear(&mut self) {
        if self.width > 0 {
            self.show("");
            warn_on(self.context, "\r");
        }
    }
}
