//! Adding the lines of a cell to the crates of a session: found in the cache, or built.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::bundle::Bundle;
use super::config::Config;
use super::executor;
use super::graph::Graph;
use super::local;
use super::natives;
use super::package::{self, Package};
use super::specs::{self, Specs};
use super::step::{self, Local, Step};
use crate::build::cache::{self, CacheError};
use crate::build::cargo::artifacts::{self, Artifact, Built, Kind};
use crate::build::cargo::metadata::{Dependency, Metadata};
use crate::build::cargo::{self, ARTIFACTS, Build, CargoError};
use crate::build::runtime;
use crate::build::toolchain::Toolchain;

/// Why crates could not be added.
#[derive(Debug, thiserror::Error)]
pub enum DepError {
    /// The cache folder is no good.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A file could not be written or read.
    #[error("the crates could not be built in the cache folder: {0}")]
    Io(#[from] std::io::Error),
    /// cargo failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// There is nothing in a package that cells could use.
    #[error(
        "`{0}` is a program, not a library: nothing of it can be used in a cell; `cargo install {0}` in a terminal installs it"
    )]
    Program(String),
    /// What was built before is another one now, under the same name.
    #[error(
        "`{0}` was built anew with other settings, while the session uses it as it was; restart the kernel, and run the cells \
         from the first `:dep` on"
    )]
    Rebuilt(String),
}

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
}

impl Settings {
    /// Lines, and beside them those of the patches.
    pub(super) fn with_patches(&self, mut lines: Specs) -> Specs {
        for (source, crates) in &self.patches {
            let named = crates.iter();
            lines.extend(named.map(|(name, value)| (package::patch(source, name), value.clone())));
        }
        lines
    }
}

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
        let key = self
            .graph
            .key(self.toolchain, self.runtime, lines, self.settings);
        let folder = cache::prepare()?.join(format!("deps-{key}"));
        if let Some(step) = Step::read(&folder) {
            return Ok(self.added(step));
        }
        let _lock = cache::lock(&format!("deps-{key}.lock"))?;
        if let Some(step) = Step::read(&folder) {
            return Ok(self.added(step)); // another kernel has built it meanwhile
        }
        let work = folder.with_extension("building");
        let made = self.build(lines, &key, &work, &folder, progress);
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
        let step = step.ok_or_else(|| std::io::Error::other("cargo built nothing"))?;
        Ok(self.added(step))
    }

    fn added(&self, step: Step) -> Added {
        let runtime: BTreeSet<String> = files_in(&self.runtime.join(ARTIFACTS))
            .into_keys()
            .collect();
        let copies = self.graph.copies(&step, &runtime);
        let copies = copies.into_iter().map(str::to_owned).collect();
        Added { step, copies }
    }

    fn build(
        &self,
        more: &Specs,
        key: &str,
        work: &Path,
        folder: &Path,
        progress: &mut dyn FnMut(cargo::Step<'_>),
    ) -> Result<(), DepError> {
        let lines = self.graph.lines_with(more);
        let states = local::states(&self.settings.with_patches(lines.clone()));
        let target = self.runtime.join(runtime::TARGET);
        let flags = runtime::flags(self.toolchain);
        let mut package = Package {
            lines: &lines,
            patches: &self.settings.patches,
            local: &states,
            links: &links(),
            tokio: None,
        };
        package.write(work)?;
        // The versions that the session has stay as they are.
        let lock = self
            .graph
            .folders()
            .last()
            .and_then(Path::parent)
            .unwrap_or(self.runtime);
        fs::copy(lock.join("Cargo.lock"), work.join("Cargo.lock"))?;
        let config = work.join("config.toml");
        fs::write(&config, &self.settings.config.text)?;
        let build = Build {
            toolchain: self.toolchain,
            folder: work,
            target: &target,
            config: Some(&config),
            package: package::NAME,
            flags: &flags,
            offline: self.settings.offline,
            environment: &self.settings.environment,
            watch: self.watch,
        };
        let mut metadata = build.metadata(progress)?;
        let tokio = tokio_of_others(&lines, &metadata);
        if tokio.is_some() {
            package.tokio = tokio.as_deref();
            package.write(work)?;
            metadata = build.metadata(progress)?;
        }
        let named = named(&lines, &metadata)?;
        let built = build.run(progress)?;
        let gathered = self.gather(&built, &work.join(ARTIFACTS), &folder.join(ARTIFACTS))?;
        let new = Brought {
            lines: more,
            named: &named,
            metadata: &metadata,
            built: &built,
            gathered: &gathered,
        };
        let mut step = new.step(key, folder);
        step.local = states
            .iter()
            .filter_map(|(line, state)| {
                Some(Local {
                    line: line.clone(),
                    name: named.get(line)?.name.clone(),
                    fingerprint: state.fingerprint.clone(),
                })
            })
            .collect();
        self.link(&new, &mut step, &work.join(ARTIFACTS))?;
        step.write(work)?;
        Ok(())
    }

    /// Brings the files together that are new; gives the places of all.
    fn gather(&self, built: &Built, folder: &Path, place: &Path) -> Result<Gathered, DepError> {
        let mut known = files_in(&self.runtime.join(ARTIFACTS));
        for folder in self.graph.folders() {
            known.extend(files_in(folder));
        }
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir(folder)?;
        let mut gathered = Gathered::default();
        let is_wanted = |made: &&Artifact| {
            let ours = [package::NAME, package::BASE];
            let is_ours = ours.iter().any(|own| own.replace('-', "_") == made.name);
            made.kind == Kind::Library && !is_ours
        };
        for artifact in built.artifacts.iter().filter(is_wanted) {
            let Some(name) = artifact.path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if let Some(there) = known.get(name) {
                if !is_same(there, &artifact.path)? {
                    return Err(DepError::Rebuilt(artifact.name.clone()));
                }
                gathered.places.insert(artifact.path.clone(), there.clone());
                continue;
            }
            if let Some(now) = artifacts::link(&artifact.path, folder)? {
                gathered.now.insert(place.join(name), now);
                gathered
                    .places
                    .insert(artifact.path.clone(), place.join(name));
                gathered.new.insert(artifact.package.clone());
            }
        }
        Ok(gathered)
    }

    /// Makes the library of what is new, if anything is.
    fn link(&self, new: &Brought<'_>, step: &mut Step, folder: &Path) -> Result<(), DepError> {
        let is_code = |file: &PathBuf| {
            file.extension()
                .is_some_and(|extension| extension == "rlib")
        };
        if !new.gathered.now.keys().any(is_code) {
            return Ok(());
        }
        let own = new.built.scripts.iter();
        let own = own.filter(|script| new.gathered.new.contains(&script.package));
        let mut source = natives::declarations(own);
        // Where the files are while it is made.
        let now = |file: &PathBuf| new.gathered.now.get(file).unwrap_or(file).clone();
        let externs = step.externs.iter();
        let mut externs: Vec<_> = externs
            .map(|(name, file)| (name.clone(), now(file)))
            .collect();
        if let Some((version, files)) = new.tokio() {
            source.push_str(executor::source(version));
            if !externs.iter().any(|(name, _)| name == executor::TOKIO) {
                let files = files
                    .iter()
                    .map(|file| (executor::TOKIO.to_owned(), now(file)));
                externs.extend(files);
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
            folder,
            place: &place,
        };
        step.library = Some(place.join(bundle.make()?));
        Ok(())
    }
}

/// The files of a build, by where cargo has put them.
#[derive(Default)]
struct Gathered {
    /// Where they will be.
    places: HashMap<PathBuf, PathBuf>,
    /// Where those that are new are as yet.
    now: HashMap<PathBuf, PathBuf>,
    /// cargo's numbers of the packages that are new.
    new: BTreeSet<String>,
}

/// What a build brings.
struct Brought<'a> {
    lines: &'a Specs,
    named: &'a BTreeMap<String, Dependency>,
    metadata: &'a Metadata,
    built: &'a Built,
    gathered: &'a Gathered,
}

impl Brought<'_> {
    /// The files of a package's library.
    fn files(&self, package: &str) -> Vec<PathBuf> {
        let made = self.built.artifacts.iter();
        let made = made.filter(|made| made.package == package && made.kind == Kind::Library);
        made.filter_map(|made| self.gathered.places.get(&made.path).cloned())
            .collect()
    }

    /// The version and the files of a new tokio that cells can run in: the one that the notebook names, if it does.
    fn tokio(&self) -> Option<(&str, Vec<PathBuf>)> {
        let is_named = |id: &str| self.named.values().any(|own| own.pkg == id);
        let all = self.metadata.packages.iter();
        let mut found: Vec<_> = all
            .filter(|package| {
                package.name == executor::TOKIO && executor::will_do(&package.version)
            })
            .filter(|package| self.gathered.new.contains(&package.id))
            .collect();
        found.sort_by_key(|package| is_named(&package.id));
        let package = found.pop()?;
        Some((&package.version, self.files(&package.id)))
    }

    fn step(&self, key: &str, folder: &Path) -> Step {
        let crates = self.named.values();
        let crates = crates.chain(self.base().filter(|own| {
            let name = &own.name;
            runtime::CRATES.contains(&&**name)
                && !self.named.values().any(|named| named.name == *name)
        }));
        let mut externs = Vec::new();
        let mut held = Vec::new();
        for own in crates {
            let files = self.files(&own.pkg);
            if self.gathered.new.contains(&own.pkg) {
                held.push(own.name.clone());
            }
            externs.extend(files.into_iter().map(|file| (own.name.clone(), file)));
        }
        let features = self.metadata.features();
        let packages = self.metadata.packages.iter().filter_map(|package| {
            let file = self.files(&package.id).into_iter().next()?;
            let features = features.get(&*package.id).copied().unwrap_or_default();
            Some(step::Package {
                name: package.name.clone(),
                version: package.version.clone(),
                features: features.to_vec(),
                file,
            })
        });
        Step {
            lines: self.lines.clone(),
            bundle: format!("{PREFIX}{key}"),
            library: None,
            externs,
            held,
            local: Vec::new(),
            search: folder.join(ARTIFACTS),
            natives: natives::folders(&self.built.scripts),
            has_executor: false,
            packages: packages.collect(),
        }
    }

    /// What the runtime uses, as it is here.
    fn base(&self) -> impl Iterator<Item = &Dependency> {
        let root = self.metadata.of_root().iter();
        let is_base = |own: &&Dependency| {
            let package = self.metadata.package(&own.pkg);
            package.is_some_and(|package| package.name == package::BASE)
        };
        let base = root.filter(is_base).map(|base| self.metadata.of(&base.pkg));
        base.flatten()
    }
}

/// The crates that lines bring, by the lines' names.
fn named(lines: &Specs, metadata: &Metadata) -> Result<BTreeMap<String, Dependency>, DepError> {
    let mut named = BTreeMap::new();
    for (line, value) in lines {
        let package = specs::package(line, value);
        let is_renamed = package != *line;
        let found = metadata.of_root().iter().find(|own| {
            if is_renamed {
                return own.name == line.replace('-', "_");
            }
            let of = metadata.package(&own.pkg);
            of.is_some_and(|of| of.name == *package && of.library().as_ref() == Some(&own.name))
        });
        let Some(found) = found else {
            return Err(DepError::Program(package.into_owned()));
        };
        named.insert(line.clone(), found.clone());
    }
    Ok(named)
}

/// The version of tokio, if other crates bring one that cells can run in, and no line names any.
fn tokio_of_others(lines: &Specs, metadata: &Metadata) -> Option<String> {
    let is_tokio =
        |(name, value): (&String, &String)| specs::package(name, value) == executor::TOKIO;
    if lines.iter().any(is_tokio) {
        return None;
    }
    let mut found = metadata
        .packages
        .iter()
        .filter(|package| package.name == executor::TOKIO && executor::will_do(&package.version));
    found.next().map(|package| package.version.clone())
}

/// The files in a folder, by their names.
fn files_in(folder: &Path) -> HashMap<String, PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect()
}

/// Whether two files are the same, by their inode or by what is in them.
fn is_same(a: &Path, b: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (about, other) = (a.metadata()?, b.metadata()?);
    if (about.dev(), about.ino()) == (other.dev(), other.ino()) {
        return Ok(true);
    }
    Ok(about.len() == other.len() && fs::read(a)? == fs::read(b)?)
}
