//! Adding the lines of a cell to the crates of a session: found in the cache, or built.
//!
//! | part | module |
//! |---|---|
//! | the package that cargo builds | [`package`], [`wide`] |
//! | what it has built, and what that brings | [`gathered`], [`brought`] |
//! | the library that rustc makes | [`bundle`], [`natives`] |
//! | tokio, within which cells run | [`executor`] |

mod brought;
mod bundle;
mod executor;
mod gathered;
mod natives;
mod package;
mod wide;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::error::DepError;
use super::graph::Graph;
use super::network::no_answer;
use super::requested::local::{self, State};
use super::requested::lock;
use super::requested::{Settings, Specs};
use super::step::{Local, Step};
use crate::build::cache;
use crate::build::cargo::artifacts::Built;
use crate::build::cargo::metadata::Metadata;
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError};
use crate::build::runtime;
use crate::build::toolchain::Toolchain;
use brought::{Brought, Named, base, named};
use bundle::Bundle;
use gathered::{Gathered, files_in};
use package::Package;

/// What adds crates to a session.
#[derive(Clone, Copy)]
pub struct Adding<'a> {
    /// The cargo and the rustc that build them.
    pub toolchain: &'a Toolchain,
    /// The folder of the runtime.
    pub runtime: &'a Path,
    /// The crates that the session has.
    pub graph: &'a Graph,
    /// How they are built.
    pub settings: &'a Settings,
    /// Who may end the building.
    pub watch: Option<&'a dyn cargo::Watch>,
}

/// A step that can be loaded.
pub struct Added {
    /// What it is.
    pub step: Step,
    /// The packages of which there is now more than one build, so that their types and statics are there twice.
    pub copies: Vec<String>,
}

/// What cargo has decided on, and built.
struct Resolved {
    metadata: Metadata,
    named: Named,
    built: Built,
    wide: Specs,
}

/// What a step begins its name with.
const PREFIX: &str = "woozle_deps_";

/// The folder of the links by which local crates are reached, in the cache.
const LINKS: &str = "local";

/// The text before the path of a local crate in what cargo says.
#[must_use]
pub fn links() -> PathBuf {
    cache::folder().join(LINKS)
}

impl Adding<'_> {
    /// Finds the step that these lines are, or builds it; `progress` is told what happens.
    ///
    /// # Errors
    /// When a crate does not exist, does not build, or the cache cannot be used.
    pub fn add(
        &self,
        lines: &Specs,
        progress: &mut dyn FnMut(cargo::Step<'_>),
    ) -> Result<Added, DepError> {
        self.restore(progress)?;
        let key = self
            .graph
            .key(self.toolchain, self.runtime, lines, self.settings);
        Ok(self.added(self.find(lines, &key, progress)?))
    }

    /// Builds what has been removed from the cache again, as it was.
    ///
    /// # Errors
    /// When it would not be the same, or cannot be built.
    pub fn restore(&self, progress: &mut dyn FnMut(cargo::Step<'_>)) -> Result<(), DepError> {
        for (n, step) in self.graph.steps.iter().enumerate() {
            if step.is_whole() {
                continue;
            }
            let adding = Adding {
                graph: &self.graph.first(n),
                ..*self
            };
            let key = step.bundle.trim_start_matches(PREFIX);
            let again = adding.find(&step.lines, key, progress)?;
            // What is loaded stays; cells are compiled with what is there now.
            if again.packages != step.packages {
                if let Some(folder) = again.search.parent() {
                    fs::remove_dir_all(folder)?;
                }
                return Err(DepError::Lost);
            }
        }
        Ok(())
    }

    /// Finds the step of this name in the cache, or builds it.
    fn find(
        &self,
        lines: &Specs,
        key: &str,
        progress: &mut dyn FnMut(cargo::Step<'_>),
    ) -> Result<Step, DepError> {
        let folder = cache::prepare()?.join(format!("deps-{key}"));
        if let Some(step) = Step::read(&folder) {
            return Ok(step);
        }
        let _lock = self.lock(key, progress)?;
        if let Some(step) = Step::read(&folder) {
            return Ok(step); // another kernel has built it meanwhile
        }
        let work = folder.with_extension("building");
        let made = self.build(lines, key, &work, &folder, progress);
        if let Err(error) = made {
            // What cargo has compiled is elsewhere, and of use the next time.
            let _ = fs::remove_dir_all(&work);
            return Err(error);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&work, &folder)?;
        folder.parent().into_iter().for_each(cargo::prune);
        let step = Step::read(&folder);
        step.ok_or_else(|| std::io::Error::other("cargo built nothing").into())
    }

    /// Waits for the lock of a step, as long as somebody waits for the step.
    fn lock(&self, key: &str, progress: &mut dyn FnMut(cargo::Step<'_>)) -> Result<File, DepError> {
        const MOMENT: Duration = Duration::from_millis(100);
        let name = format!("deps-{key}.lock");
        let (sender, locked) = channel();
        // If nobody waits any more, it lets go of the lock as soon as it has it.
        std::thread::spawn(move || sender.send(cache::lock(&name)));
        loop {
            match locked.recv_timeout(MOMENT) {
                Ok(lock) => return Ok(lock?),
                Err(_) if self.watch.is_some_and(cargo::Watch::is_over) => {
                    return Err(CargoError::Failed(String::new()).into());
                }
                Err(_) => progress(cargo::Step::Said("Blocking waiting for the same build")),
            }
        }
    }

    fn added(&self, step: Step) -> Added {
        let files = files_in(&self.runtime.join(ARTIFACTS));
        let runtime = files.into_keys().collect();
        let copies = self.graph.copies(&step, &runtime);
        let copies = copies.into_iter().map(str::to_owned).collect();
        Added { step, copies }
    }

    /// Builds the step in `work`, which will be `folder`.
    fn build(
        &self,
        more: &Specs,
        key: &str,
        work: &Path,
        folder: &Path,
        progress: &mut dyn FnMut(cargo::Step<'_>),
    ) -> Result<(), DepError> {
        if work.exists() {
            fs::remove_dir_all(work)?;
        }
        let lines = self.graph.lines_with(more);
        let mut states = self.states(&lines);
        let mut resolved = self.run_cargo(&lines, &states, work, progress)?;
        // A build script may write beside its sources, mostly the same each time.
        for _ in 0..2 {
            let now = self.states(&lines);
            if now == states {
                break;
            }
            states = now;
            resolved = self.run_cargo(&lines, &states, work, progress)?;
        }
        let Resolved {
            metadata,
            named,
            built,
            wide,
        } = resolved;
        let mut known = files_in(&self.runtime.join(ARTIFACTS));
        for folder in self.graph.folders() {
            known.extend(files_in(folder));
        }
        let artifacts = work.join(ARTIFACTS);
        let gathered = Gathered::of(&built, &known, &artifacts, &folder.join(ARTIFACTS))?;
        let new = Brought {
            lines: more,
            named: &named,
            metadata: &metadata,
            built: &built,
            gathered: &gathered,
        };
        let mut step = new.step(&format!("{PREFIX}{key}"), folder);
        let local = states.into_iter().map(|(line, state)| Local {
            name: new.named.get(&line).map(|own| own.name.clone()),
            line,
            fingerprint: state.fingerprint,
            link: state.link,
        });
        step.local = local.collect();
        step.wide = wide;
        if gathered.has_code() {
            self.link(&new, &mut step, &artifacts)?;
        }
        step.write(work)?;
        Ok(())
    }

    /// The local crates of lines, as they are now.
    fn states(&self, lines: &Specs) -> BTreeMap<String, State> {
        let mut states = local::states(&self.settings.with_patches(lines.clone()));
        let before = self.graph.steps.last();
        local::keep_links(&mut states, before.map_or(&[], |step| &step.local));
        states
    }

    /// Has cargo decide on versions and features, and build.
    fn run_cargo(
        &self,
        lines: &Specs,
        states: &BTreeMap<String, State>,
        work: &Path,
        progress: &mut dyn FnMut(cargo::Step<'_>),
    ) -> Result<Resolved, DepError> {
        let before = self.graph.steps.last();
        let mut package = Package {
            lines,
            patches: &self.settings.patches,
            local: states,
            links: &links(),
            wide: before.map_or_else(Specs::new, |step| step.wide.clone()),
        };
        package.write(work)?;
        // The versions that the session has stay as they are.
        let lock = match before {
            Some(step) => step.lock(),
            None => self.runtime.join("Cargo.lock"),
        };
        let mut lock = fs::read_to_string(lock)?;
        if let Some(own) = &self.settings.lock {
            lock = lock::merged(&lock, own)?;
        }
        let lock = lock::without(&lock, &self.settings.patched())?;
        fs::write(work.join("Cargo.lock"), lock)?;
        let config = work.join("config.toml");
        fs::write(&config, &self.settings.config.text)?;
        let mut build = Build {
            toolchain: self.toolchain,
            folder: work,
            target: &self.runtime.join(runtime::TARGET),
            config: Some(&config),
            package: package::NAME,
            flags: &runtime::flags(self.toolchain),
            offline: self.settings.offline,
            environment: &self.settings.environment,
            watch: self.watch,
        };
        let mut metadata = match build.metadata(progress) {
            // What has been downloaded before may be enough.
            Err(CargoError::Failed(said))
                if no_answer(&said).next().is_some()
                    && !self.watch.is_some_and(cargo::Watch::is_over) =>
            {
                build.offline = true;
                let metadata = build.metadata(progress);
                metadata.map_err(|_| CargoError::Failed(said))?
            }
            metadata => metadata?,
        };
        let of_runtime = metadata.all_used_by(base(&metadata).map(|own| &*own.pkg));
        let wide = wide::lines(&metadata, &of_runtime);
        if package.wide != wide {
            package.wide = wide;
            package.write(work)?;
            metadata = build.metadata(progress)?;
        }
        // Before anything is built: something may be no library.
        let named = named(lines, &metadata)?;
        let built = build.run(progress)?;
        Ok(Resolved {
            metadata,
            named,
            built,
            wide: package.wide,
        })
    }

    /// Makes the library of what is new.
    fn link(&self, new: &Brought<'_>, step: &mut Step, folder: &Path) -> Result<(), DepError> {
        let gathered = new.gathered;
        let scripts = new.built.scripts.iter();
        let own = scripts.filter(|script| gathered.new.contains(&script.package));
        let shared = natives::shared(own.clone());
        let mut source = natives::declarations(own);
        let externs = step.externs.iter();
        let mut externs: Vec<_> = externs
            .map(|(name, file)| (name.clone(), gathered.now(file)))
            .collect();
        if let Some((version, files)) = new.tokio() {
            source.push_str(executor::source(version));
            if !externs.iter().any(|(name, _)| name == executor::TOKIO) {
                let files = files.iter().map(|file| gathered.now(file));
                externs.extend(files.map(|file| (executor::TOKIO.to_owned(), file)));
            }
            step.has_executor = true;
        }
        let place = step.search.clone();
        let bundle = Bundle {
            toolchain: self.toolchain,
            runtime: &self.runtime.join(ARTIFACTS),
            before: &self.graph.steps,
            name: &step.bundle,
            externs: &externs,
            source: &source,
            natives: &step.natives,
            shared: &shared,
            folder,
            place: &place,
        };
        step.library = Some(place.join(bundle.make()?));
        Ok(())
    }
}
