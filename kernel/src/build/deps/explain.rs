//! What went wrong when crates were built: the essence of what cargo said.

use std::path::Path;

use super::network::no_answer;

/// What the names of our packages begin with.
const PACKAGES: &str = "woozle-";

/// What went wrong, in a line or two, and what cargo itself said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub what: String,
    /// What can be done, if that is known.
    pub help: Option<String>,
    /// cargo's own text, without its progress.
    pub cargo: String,
}

/// Explains the failure of a build from what cargo said; `links` is the folder by which it has come to local crates.
#[must_use]
pub fn explain(said: &str, links: &Path) -> Explained {
    let cargo = own_words(&without_links(said, links));
    let (what, help) = essence(&cargo);
    Explained { what, help, cargo }
}

/// Paths of local crates as the user has them.
fn without_links(said: &str, links: &Path) -> String {
    let before = format!("{}/", links.display());
    let mut pieces = said.split(&before);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // The state of the crate.
        text.push_str(piece.find('/').map_or(piece, |at| &piece[at..]));
    }
    text
}

/// From the first warning or error on, less what is about our packages.
fn own_words(said: &str) -> String {
    const PROGRESS: [&str; 8] = [
        "Compiling",
        "Checking",
        "Updating",
        "Locking",
        "Adding",
        "Downloaded",
        "Downloading",
        "Blocking",
    ];
    let lines = said.lines().filter(|line| {
        let word = line.split_whitespace().next().unwrap_or_default();
        !(line.starts_with(' ') && PROGRESS.contains(&word))
    });
    let lines =
        lines.filter(|line| !line.contains("required by package") || !line.contains(PACKAGES));
    // A list of all versions since the beginning helps nobody.
    let lines = lines.map(|line| match line.split_once(" are: ") {
        Some((_, list)) if list.matches(", ").count() > 8 => {
            let end = list
                .match_indices(", ")
                .nth(7)
                .map_or(list.len(), |(at, _)| at);
            format!("{}, ...", &line[..line.len() - list.len() + end])
        }
        _ => without_packages(line),
    });
    let mut lines: Vec<String> = lines.collect();
    lines.dedup_by(|line, before| line.trim().is_empty() && before.trim().is_empty());
    lines.join("\n").trim().to_owned()
}

/// A line that names the notebook, and not our packages with their versions and folders.
fn without_packages(line: &str) -> String {
    let words = ["the crate", "package"].map(|word| format!("{word} `{PACKAGES}"));
    let found = words.iter().find_map(|named| line.split_once(&**named));
    let Some((before, rest)) = found else {
        return line.to_owned();
    };
    let after = rest.split_once('`').map_or("", |(_, after)| after);
    format!("{before}this notebook{after}")
}

/// The first text in quotes after some words.
fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.trim_start().strip_prefix('`')?.split('`').next()
}

fn essence(said: &str) -> (String, Option<String>) {
    let found = [
        no_network,
        no_token,
        unknown_crate,
        no_such_version,
        no_such_feature,
        conflict,
        build_script,
        compile,
        not_got,
    ];
    let mut found = found.iter().filter_map(|look| look(said));
    found.next().unwrap_or_else(|| {
        let error = said.lines().find_map(|line| line.strip_prefix("error: "));
        let what = error.unwrap_or("cargo failed without saying why");
        (what.to_owned(), None)
    })
}

type Found = Option<(String, Option<String>)>;

fn no_network(said: &str) -> Found {
    if said.contains("you're using offline mode") || said.contains("--offline was specified") {
        let what = "cargo is offline, and what is needed has not been downloaded before";
        let help = "`:offline off` lets cargo use the network";
        return Some((what.to_owned(), Some(help.to_owned())));
    }
    let reason = no_answer(said).last()?.trim();
    let reason = reason.split("; class=").next()?;
    let what = match quoted(said, "failed to get") {
        Some(name) => {
            format!("`{name}` could not be downloaded: the network does not answer ({reason})")
        }
        None => format!("the network does not answer ({reason})"),
    };
    let help = "check the connection, or the proxy in cargo's settings; crates that were built before need no network";
    Some((what, Some(help.to_owned())))
}

fn unknown_crate(said: &str) -> Found {
    let name = quoted(said, "no matching package named").or_else(|| {
        let found = said.contains("no matching package found");
        found.then(|| quoted(said, "searched package name:"))?
    })?;
    let meant = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("perhaps you meant:"))
        .map(|names| names.trim().replace('`', ""));
    let registry = quoted(said, "location searched:");
    let what = match registry {
        Some(registry) => format!("there is no crate `{name}` in the registry `{registry}`"),
        None => format!("there is no crate `{name}` on crates.io"),
    };
    let help = match meant {
        Some(names) => format!("perhaps you meant {names}"),
        None if registry.is_some() => format!("a crate of crates.io is added as `:dep {name} = \"*\"`"),
        None => "look for its name on https://crates.io; a crate of your own is added by its folder: `:dep ./folder`".to_owned(),
    };
    Some((what, Some(help)))
}

fn no_token(said: &str) -> Found {
    let missing = quoted(said, "no token found for");
    if let Some(registry) = missing.or_else(|| quoted(said, "token rejected for")) {
        let what = match missing {
            Some(_) => format!("the registry `{registry}` wants a token, and cargo has none"),
            None => format!("the registry `{registry}` does not take the token that cargo has"),
        };
        let variable = registry.to_uppercase().replace('-', "_");
        let help = format!(
            "run `cargo login --registry {registry}` in a terminal, or start Jupyter with CARGO_REGISTRIES_{variable}_TOKEN set"
        );
        return Some((what, Some(help)));
    }
    if said.contains("require a credential-provider") {
        let what = "the registry wants a token, and cargo is not told where to look for one";
        let help = "write `credential-provider = \"cargo:token\"` below the registry's name in `.cargo/config.toml`";
        return Some((what.to_owned(), Some(help.to_owned())));
    }
    let registry = quoted(said, "registry index was not found in any configuration:")?;
    let what = format!("there is no registry `{registry}` in cargo's settings");
    let help = format!(
        "name its index in `.cargo/config.toml` beside the notebook: `[registries.{registry}]`, and below it `index = \"...\"`"
    );
    Some((what, Some(help)))
}

fn no_such_version(said: &str) -> Found {
    let wanted = quoted(said, "failed to select a version for the requirement")?;
    let (name, version) = wanted.split_once('=').unwrap_or((wanted, ""));
    let (name, version) = (name.trim(), version.trim().trim_matches('"'));
    let there = said
        .lines()
        .find_map(|line| line.strip_prefix("candidate versions found which didn't match: "));
    let help =
        there.map(|versions| format!("the newest are {}", versions.trim_end_matches(", ...")));
    let what = format!("no version of `{name}` is `{version}`");
    Some((what, help))
}

fn no_such_feature(said: &str) -> Found {
    let (before, _) = said.split_once("does not have that feature")?;
    let line = before.lines().last()?;
    let name = quoted(line, "depends on")?;
    let feature = quoted(line, "with feature")?;
    let features = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("available features: "));
    let help = features.map(|features| format!("it has {features}"));
    Some((format!("`{name}` has no feature `{feature}`"), help))
}

fn conflict(said: &str) -> Found {
    let links = quoted(said, "links to the native library");
    let name = quoted(said, "failed to select a version for")?;
    let what = match links {
        Some(library) => format!(
            "these crates cannot be built together: two versions of `{name}` would both link to the native library `{library}`"
        ),
        None => format!("these crates need versions of `{name}` that exclude each other"),
    };
    let help = "all crates of a notebook are built together: choose versions that go together";
    Some((what, Some(help.to_owned())))
}

fn build_script(said: &str) -> Found {
    let package = quoted(said, "failed to run custom build command for")?;
    let name = package.split(' ').next().unwrap_or(package);
    let is_missing = |line: &&str| {
        [
            "could not find",
            "Could not find",
            "was not found",
            "not found",
            "Unable to find",
            "is not installed",
            "No such file",
        ]
        .iter()
        .any(|sign| line.contains(sign))
    };
    let reason = said.lines().map(str::trim).find(is_missing);
    let what = match reason {
        Some(reason) => format!("`{name}` cannot be built on this system: {reason}"),
        None => format!("the build script of `{name}` failed"),
    };
    let help = "it probably needs a library of the system with its headers (on Debian, a package `lib...-dev`, and pkg-config), or has a feature that brings it along, such as `vendored` or `bundled`";
    Some((what, Some(help.to_owned())))
}

fn compile(said: &str) -> Found {
    let name = quoted(said, "could not compile")?;
    let error = said.lines().find(|line| line.starts_with("error"));
    let error = error.filter(|line| !line.contains("could not compile"));
    let what = match error {
        Some(error) => format!("`{name}` does not compile: {error}"),
        None => format!("`{name}` does not compile"),
    };
    let help = "another version of it may: `:dep` takes exact ones (`\"=1.2.3\"`)";
    Some((what, Some(help.to_owned())))
}

/// What is at the bottom of all else that could keep a crate from being there.
fn not_got(said: &str) -> Found {
    let name = quoted(said, "failed to get")
        .or_else(|| quoted(said, "failed to load source for dependency"))?;
    let causes = said.split("Caused by:").skip(1);
    let causes =
        causes.filter_map(|cause| cause.lines().map(str::trim).find(|line| !line.is_empty()));
    let causes: Vec<&str> = causes.collect();
    // Below that are the words of git's library.
    let named = causes
        .iter()
        .find(|cause| cause.starts_with("failed to find "));
    let reason = named.or(causes.last())?.split("; class=").next()?;
    Some((format!("`{name}` could not be had: {reason}"), None))
}

#[cfg(test)]
mod tests;
