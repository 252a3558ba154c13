//! What rustc gave is kept: a notebook that is run again as it was needs no rustc, and one that has changed is compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::{Cell, Session, link_runtimes};

/// A cache of one's own, and a notebook's folder.
struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        Session::start(); // the runtime is built
        let place = Self {
            root: TempDir::new().expect("a folder"),
        };
        for folder in [place.cache(), place.notebook()] {
            fs::create_dir(folder).expect("made");
        }
        link_runtimes(&place.cache());
        place
    }

    fn cache(&self) -> PathBuf {
        self.root.path().join("cache")
    }

    fn cells(&self) -> PathBuf {
        self.cache().join("cells")
    }

    fn notebook(&self) -> PathBuf {
        self.root.path().join("notebook")
    }

    /// The entries, without what is not one.
    fn entries(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.cells()).into_iter().flatten().flatten();
        let paths = files.map(|file| file.path());
        paths.filter(|path| path.extension().is_none()).collect()
    }

    fn start(&self) -> Session {
        self.start_with(|_| {})
    }

    fn start_with(&self, settings: impl FnOnce(&mut Command)) -> Session {
        Session::start_with(|kernel| {
            kernel
                .env("WOOZLE_CACHE", self.cache())
                .env("WOOZLE_LOG", "woozle_kernel::compiler=debug")
                .env("HONEY_POT", "full")
                .current_dir(self.notebook());
            settings(kernel);
        })
    }

    /// Runs cells in a session of their own; gives what each has shown, and how often rustc ran.
    fn run(&self, cells: &[&str]) -> (Vec<Shown>, usize) {
        let mut session = self.start();
        let shown = cells.iter().map(|code| shown(&session.run(code))).collect();
        let runs = runs(&session);
        session.shut_down();
        (shown, runs)
    }
}

/// How often rustc has compiled.
fn runs(session: &Session) -> usize {
    session.kernel.said().matches("rustc compiles").count()
}

/// Output, value, and error.
type Shown = (String, String, Option<String>, Option<Vec<String>>);

fn shown(cell: &Cell) -> Shown {
    (
        cell.stdout.clone(),
        cell.stderr.clone(),
        cell.result.clone(),
        cell.error.as_ref().map(|error| error.traceback.clone()),
    )
}

/// Cells of all kinds: also such that take several runs, have warnings or errors, or panic.
const CELLS: &[&str] = &[
    "fn add(a: i32, b: i32) -> i32 { a + b }",
    "let v: Vec<i32> = (0..10).collect();",
    "add(v[1], v[2])",
    "#[derive(Debug, Clone)] pub struct Pot { pub jam: f64 }",
    "let pot = Pot { jam: 1.5 }; pot.clone()",
    "use std::sync::Mutex;\npub static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());",
    "LOG.lock().unwrap().push(\"one\".into()); println!(\"{:?}\", LOG.lock().unwrap());",
    "let add_five = |a: i32| a + 5;",
    "add_five(3)",
    "let handle = std::thread::spawn(|| 5);",
    "handle.join().unwrap()",
    "let wrong: i32 = \"text\";",
    "fn main() { let x = ;",
    "std::fs::read_to_string(\"x\").map(|_| ()); 5",
    "v[20]",
    "let mut open = Vec::new();",
    "open.push(1u8); open.len()",
    "fn add(a: i32, b: i32) -> i32 { a + b + 1 }",
    "add(v[1], v[2])",
    "let text = String::from(\" honey \");",
    "let trimmed = text.trim();",
    "trimmed.len()",
];

#[test]
fn a_notebook_that_is_run_again_needs_no_rustc() {
    let place = Place::new();
    let (first, runs) = place.run(CELLS);
    assert!(runs > CELLS.len(), "{runs} runs");
    assert_eq!(first[2].2.as_deref(), Some("3"));
    let (second, runs) = place.run(CELLS);
    assert_eq!(runs, 0);
    assert_eq!(first, second);
    // What follows an unchanged beginning is compiled against it.
    let mut changed = CELLS.to_vec();
    changed[4] = "let pot = Pot { jam: 2.5 }; pot.clone()";
    changed.push("(pot.jam, add(1, 2), trimmed)");
    let (third, runs) = place.run(&changed);
    assert!((2..=4).contains(&runs), "{runs} runs");
    assert_eq!(first[5..], third[5..CELLS.len()]);
    assert_eq!(third[4].2.as_deref(), Some("Pot { jam: 2.5 }"));
    let value = third[CELLS.len()].2.as_deref();
    assert_eq!(value, Some("(2.5, 4, \"honey\")"));
}

#[test]
fn a_cell_that_is_run_again_under_another_number_tells_that_one() {
    let place = Place::new();
    let mut session = place.start();
    session
        .run("let v = vec![1]; fn at(n: usize) -> usize { n }")
        .ok();
    session
        .run("static COUNT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);")
        .ok();
    for number in 3..6 {
        let place = format!("cell [{number}]:1:2");
        session
            .run("v[at(7)]")
            .fails_with(&["index out of bounds", &place]);
    }
    let before = runs(&session);
    session.run("v[at(7)]").fails_with(&["cell [6]"]);
    let again = "{ static HERE: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(5); HERE.fetch_add(1, std::sync::atomic::Ordering::SeqCst) }";
    session.run(again).gives("5");
    session.run(again).gives("5");
    session.run("1 + 1").gives("2");
    // The number has one more digit.
    session.run("1 + 1").gives("2");
    session.run("1 + 1").gives("2");
    assert_eq!(runs(&session) - before, 3);
    for number in 12..14 {
        session
            .run("println!(\"{}\", file!())")
            .prints(&format!("cell [{number}]\n"));
    }
    // What looks like the number in the user's own text is the user's.
    for _ in 0..2 {
        session
            .run("println!(\"see {}{}\", \"cell [14]\", \" and cell [15]\")")
            .prints("see cell [14] and cell [15]\n");
    }
}

#[test]
fn what_a_cell_reads_when_it_is_compiled_counts() {
    let place = Place::new();
    let file = place.notebook().join("honey.txt");
    let write = |text: &str| {
        fs::write(&file, text).expect("written");
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(10);
        let file = fs::File::options().write(true).open(&file).expect("opened");
        file.set_modified(old).expect("set");
    };
    let cells = [
        "include_str!(\"honey.txt\").trim()",
        "(env!(\"HONEY_POT\"), option_env!(\"NO_SUCH_POT\"))",
    ];
    write("sweet");
    let (_, runs) = place.run(&cells);
    assert_eq!(runs, 2);
    let (shown, runs) = place.run(&cells);
    assert_eq!(
        (shown[0].2.as_deref(), runs),
        (Some("\"sweet\""), 0),
        "{shown:?}"
    );
    write("sweeter");
    let (shown, runs) = place.run(&cells);
    assert_eq!((shown[0].2.as_deref(), runs), (Some("\"sweeter\""), 1));
    let mut session = place.start_with(|kernel| {
        kernel.env("HONEY_POT", "empty").env("NO_SUCH_POT", "there");
    });
    session.run(cells[0]).gives("\"sweeter\"");
    session.run(cells[1]).gives("(\"empty\", Some(\"there\"))");
}

#[test]
fn an_entry_that_is_not_as_it_was_written_is_made_anew() {
    let place = Place::new();
    let cells = ["fn f() -> u8 { 4 }", "f() + 1"];
    type Spoil<'a> = &'a dyn Fn(&Path, &[u8]);
    let spoil: [Spoil<'_>; 4] = [
        &|path, content| fs::write(path, &content[..content.len() / 2]).expect("cut"),
        &|path, _| fs::write(path, "").expect("emptied"),
        &|path, content| {
            let text = [b"woozle cell 0 ", &content[14..]].concat();
            fs::write(path, text).expect("of another version");
        },
        &|path, content| {
            let mut content = content.to_vec();
            let last = content.len() - 1;
            content[last] ^= 1;
            fs::write(path, content).expect("one bit is another");
        },
    ];
    for spoil in spoil {
        let _ = fs::remove_dir_all(place.cells());
        place.run(&cells);
        let entries = place.entries();
        assert_eq!(entries.len(), 2);
        for path in &entries {
            let content = fs::read(path).expect("an entry");
            spoil(path, &content);
        }
        let (shown, runs) = place.run(&cells);
        assert_eq!((shown[1].2.as_deref(), runs), (Some("5"), 2));
        let (shown, runs) = place.run(&cells);
        assert_eq!((shown[1].2.as_deref(), runs), (Some("5"), 0));
    }
}

#[test]
fn where_nothing_can_be_kept_cells_run() {
    let place = Place::new();
    fs::write(place.cells(), "no folder").expect("written");
    for _ in 0..2 {
        let (shown, runs) = place.run(&["2 + 3"]);
        assert_eq!((shown[0].2.as_deref(), runs), (Some("5"), 1));
    }
    fs::remove_file(place.cells()).expect("removed");
    for _ in 0..2 {
        let mut session = place.start_with(|kernel| {
            kernel.env("WOOZLE_CELL_CACHE", "off");
        });
        session.run("2 + 3").gives("5");
        assert_eq!(runs(&session), 1);
        session.shut_down();
        assert!(place.entries().is_empty());
    }
}

#[test]
fn two_kernels_at_once_use_one_cache() {
    let place = Place::new();
    let mut sessions = [place.start(), place.start()];
    for code in CELLS {
        let requests = sessions.each_mut().map(|session| session.send(code));
        let [one, other] = &mut sessions;
        let shown_by_both = [one.finish(&requests[0]), other.finish(&requests[1])];
        assert_eq!(shown(&shown_by_both[0]), shown(&shown_by_both[1]));
    }
    for mut session in sessions {
        session.shut_down();
    }
    let (_, runs) = place.run(CELLS);
    // The crates are those of two sessions; where one of them does not fit, it is compiled.
    assert!(runs < CELLS.len() / 2, "{runs} runs");
    assert_eq!(place.run(CELLS).1, 0);
}

#[test]
fn what_is_kept_can_be_seen_and_removed() {
    let place = Place::new();
    let woozle = |arguments: &[&str]| {
        let mut command = Command::new(crate::support::woozle());
        command.args(arguments).env("WOOZLE_CACHE", place.cache());
        let output = command.output().expect("it starts");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    };
    place.run(&["fn f() -> u8 { 4 }", "f() + 1"]);
    let mut session = place.start();
    session.run("fn f() -> u8 { 4 }").ok();
    assert_eq!(runs(&session), 0);
    let told = woozle(&["cache"]);
    assert!(told.starts_with("2 results of rustc, "), "{told}");
    assert!(woozle(&["doctor"]).contains("compiled cells: 2 results"));
    // It forgets what this session has used.
    session.run(":clear").ok();
    assert_eq!(place.entries().len(), 1);
    session.run("f() + 1").fails_with(&["f"]);
    session.shut_down();
    let told = woozle(&["cache", "clear"]);
    assert!(told.starts_with("removed "), "{told}");
    assert!(place.entries().is_empty());
    let (shown, runs) = place.run(&["fn f() -> u8 { 4 }", "f() + 1"]);
    assert_eq!((shown[1].2.as_deref(), runs), (Some("5"), 2));
}
