//! One key for what is the same, and another one for each thing that is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::*;
use crate::compiler::codegen::Emitted;
use crate::compiler::rustc::cache::ANY;
use crate::compiler::rustc::layout::Layout;
use crate::compiler::rustc::mode::{Kind, Mode};

/// All that a run depends on, to be changed piece by piece.
struct Run {
    toolchain: Toolchain,
    layout: Layout,
    emitted: Emitted,
    needs: BTreeSet<u32>,
    kind: Kind,
    notebook: PathBuf,
    cell: Option<u32>,
}

impl Run {
    /// In this folder, with files that are there.
    fn new(folder: &Path) -> Self {
        let file = |name: &str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(&path, name).expect("written");
            path
        };
        let layout = Layout {
            folder: folder.join("session"),
        };
        file("session/lib/libcell_7_.rmeta");
        file("session/lib/libcell_8_.rmeta");
        Self {
            toolchain: Toolchain {
                rustc: file("rustc"),
                std: file("libstd.so"),
                externs: vec![("woozle".into(), file("libwoozle.so"))],
                search: vec![folder.join("search")],
                natives: vec!["native=/lib/a".into()],
                ..Toolchain::default()
            },
            layout,
            emitted: Emitted {
                head: "#![allow(x)]".into(),
                files: vec![
                    ("lib.rs".into(), "include!(\"cell [3]\");".into()),
                    ("cell [3]".into(), "honey()".into()),
                ],
                links: vec![("pot.rs".into(), "/home/pot.rs".into())],
                crates: BTreeSet::from([7]),
                ..Emitted::default()
            },
            needs: BTreeSet::from([7, 8]),
            kind: Kind {
                mode: Mode::Debug,
                mir: true,
            },
            notebook: "/home".into(),
            cell: None,
        }
    }

    fn key(&self) -> Option<Key> {
        let invocation = Invocation {
            toolchain: &self.toolchain,
            layout: &self.layout,
            serial: ANY,
            emitted: &self.emitted,
            needs: &self.needs,
            kind: self.kind,
            next: None,
        };
        // Nothing is known from before.
        of(&invocation, &self.notebook, self.cell, &Contents::default()).expect("all can be read")
    }
}

/// Each changes one input.
type Change = fn(&mut Run);

#[test]
fn each_input_counts() {
    let changes: &[(&str, Change)] = &[
        ("nothing", |_| {}),
        ("the mode", |run| run.kind.mode = Mode::Release),
        ("the level", |run| run.kind.mode = Mode::Level(2)),
        ("the MIR", |run| run.kind.mir = false),
        ("the head", |run| run.emitted.head.push_str("#![x]")),
        ("a text", |run| run.emitted.files[1].1.push(' ')),
        ("a file's name", |run| run.emitted.files[1].0.push('_')),
        ("the border of two texts", |run| {
            run.emitted.files[0].1.push_str("cell [3]");
            run.emitted.files[1].0.clear();
        }),
        ("another file", |run| {
            run.emitted.files.push(("a".into(), String::new()));
        }),
        ("where a link leads", |run| {
            run.emitted.links[0].1.push("else");
        }),
        ("a link's name", |run| run.emitted.links[0].0.push('s')),
        ("a file that is shown by another name", |run| {
            run.emitted.renamed.push(("a".into(), "b".into()));
        }),
        ("a static", |run| {
            run.emitted.statics.push(("pot".into(), false));
        }),
        ("whether it goes on", |run| {
            run.emitted.statics.push(("pot".into(), true));
        }),
        ("a crate that is named", |run| {
            run.emitted.crates.insert(8);
        }),
        ("a crate that those need", |run| {
            run.needs.remove(&8);
        }),
        ("what a named crate is", |run| {
            fs::write(run.layout.metadata(7), "other").expect("written");
        }),
        ("what a crate is that those need", |run| {
            fs::write(run.layout.metadata(8), "other").expect("written");
        }),
        ("rustc", |run| {
            fs::write(&run.toolchain.rustc, "other").expect("written");
        }),
        ("std", |run| {
            fs::write(&run.toolchain.std, "other").expect("written");
        }),
        ("the runtime", |run| {
            fs::write(&run.toolchain.externs[0].1, "other").expect("written");
        }),
        ("an added crate", |run| {
            let library = run.toolchain.externs[0].1.clone();
            run.toolchain.externs.push(("jam".into(), library));
        }),
        ("a folder that is searched", |run| {
            run.toolchain.search.push("/else".into());
        }),
        ("a folder of other languages' libraries", |run| {
            run.toolchain.natives.push("native=/lib/b".into());
        }),
        ("the linker", |run| {
            run.toolchain.link_argument = Some("-fuse-ld=gold".into());
        }),
        ("the notebook's folder", |run| run.notebook.push("else")),
    ];
    let mut keys = BTreeMap::new();
    for (what, change) in changes {
        let folder = tempfile::tempdir().expect("a folder");
        let fixed = folder.path().join("x");
        // The paths are a part of the key.
        let link = std::env::temp_dir().join(format!("woozle-key-{}", std::process::id()));
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&fixed, &link).expect("linked");
        fs::create_dir(&fixed).expect("made");
        let mut run = Run::new(&link);
        change(&mut run);
        let key = run.key().expect("a key");
        fs::remove_file(&link).expect("removed");
        if let Some(other) = keys.insert(key, what) {
            panic!("{what} and {other} have one key");
        }
    }
}

#[test]
fn neither_the_sessions_folder_counts_nor_a_number_that_does_not_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = Run::new(folder.path());
    let key = run.key();
    assert_eq!(run.key(), key);
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::create_dir(elsewhere.path().join("lib")).expect("made");
    for name in ["libcell_7_.rmeta", "libcell_8_.rmeta"] {
        let lib = elsewhere.path().join("lib").join(name);
        fs::copy(run.layout.folder.join("lib").join(name), lib).expect("copied");
    }
    run.layout.folder = elsewhere.path().to_owned();
    assert_eq!(run.key(), key);
    run.cell = Some(3);
    let of_any = run.key();
    assert_ne!(of_any, key);
    let renumber = |run: &mut Run, number: u32| {
        run.cell = Some(number);
        run.emitted.files[0].1 = format!("include!(\"cell [{number}]\");");
        run.emitted.files[1].0 = format!("cell [{number}]");
    };
    renumber(&mut run, 4);
    assert_eq!(run.key(), of_any);
    renumber(&mut run, 14);
    assert_ne!(run.key(), of_any);
}

#[test]
fn what_the_system_has_by_a_name_is_not_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = Run::new(folder.path());
    run.emitted.files[1].1 = "#[link(name = \"z\")] unsafe extern \"C\" {}".into();
    assert_eq!(run.key(), None);
}

#[test]
fn a_crate_that_is_not_there_yet_has_no_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Run::new(folder.path());
    fs::write(run.layout.metadata(8), "").expect("announced");
    let invocation = Invocation {
        toolchain: &run.toolchain,
        layout: &run.layout,
        serial: ANY,
        emitted: &run.emitted,
        needs: &run.needs,
        kind: run.kind,
        next: None,
    };
    of(&invocation, &run.notebook, None, &Contents::default()).expect_err("it is empty");
}
