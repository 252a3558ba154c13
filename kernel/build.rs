//! Puts the sources of the runtime, of the analyzer and of what `%%explore` uses into the kernel, which builds them with the
//! user's own rustc.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    for package in ["runtime", "analyzer", "explore"] {
        let sources = root.join(package).join("src");
        println!("cargo::rerun-if-changed={}", sources.display());
    }
    let mut runtime = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    collect(&root.join("runtime"), &mut runtime);
    embed(&root, &runtime, "runtime_files.rs");
    let mut analyzer = vec![
        root.join("analyzer/Cargo.lock"),
        root.join("runtime/src/protocol/frame.rs"),
    ];
    collect(&root.join("analyzer"), &mut analyzer);
    embed(&root, &analyzer, "analyzer_files.rs");
    let mut explore = vec![root.join("explore/Cargo.lock")];
    collect(&root.join("explore"), &mut explore);
    for file in ["debug.rs", "process/panics/payload.rs"] {
        explore.push(root.join("runtime/src").join(file));
    }
    for folder in ["concurrent", "queue", "threading", "wait"] {
        collect(&root.join("runtime/src").join(folder), &mut explore);
    }
    embed(&root, &explore, "explore_files.rs");
}

/// Writes a list of files, with their names below the root and their texts.
fn embed(root: &Path, files: &[PathBuf], list: &str) {
    let mut code = String::from("&[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file
            .strip_prefix(root)
            .expect("all files are below the root");
        let _ = writeln!(
            code,
            "({:?}, include_str!({:?})),",
            name,
            file.canonicalize().expect("it exists")
        );
    }
    code.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join(list), code).expect("the output folder can be written");
}

/// The files that a package is built from; tests stay out.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("the package lies beside the kernel")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() && !["target", "tests"].contains(&name) {
            collect(&path, files);
        } else if [".rs", ".py"].iter().any(|end| name.ends_with(end)) && name != "tests.rs"
            || name == "Cargo.toml"
        {
            files.push(path);
        }
    }
}
