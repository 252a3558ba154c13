//! The program, asked as the kernel asks it. It needs std's sources: the component `rust-src`, or
//! `RUST_SRC_PATH`.

#[path = "../../runtime/src/protocol/frame.rs"]
mod frame;
#[path = "../src/protocol.rs"]
mod protocol;

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use frame::{read_frame, write_frame};
use protocol::{Answer, Completion, Notebook, Page, Place, Question};
use tempfile::TempDir;

struct Analyzer {
    child: Child,
    link: UnixStream,
    last: u64,
    _folder: TempDir,
}

impl Analyzer {
    /// Starts one that knows this code, and waits until it is ready.
    fn start(code: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, theirs) = UnixStream::pair().expect("a pair");
        let program = std::env::var_os("CARGO_BIN_EXE_woozle-analyzer").expect("cargo sets it");
        let child = Command::new(program)
            .current_dir(folder.path())
            .env("EVCXR_CONFIG_DIR", folder.path())
            .env("EVCXR_TMPDIR", folder.path().join("evcxr"))
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("CARGO_TARGET_DIR")
            .stdin(OwnedFd::from(theirs))
            .process_group(0)
            .spawn()
            .expect("started");
        let mut analyzer = Self {
            child,
            link,
            last: 0,
            _folder: folder,
        };
        analyzer.learn(code);
        assert_eq!(analyzer.answer(), Answer::Ready);
        analyzer
    }

    fn learn(&mut self, code: &str) {
        self.ask(&Question::Notebook(Notebook {
            crates: Vec::new(),
            code: code.to_owned(),
        }));
    }

    fn ask(&mut self, question: &Question) {
        write_frame(&mut self.link, question).expect("written");
    }

    fn answer(&mut self) -> Answer {
        read_frame(&mut self.link)
            .expect("read")
            .expect("an answer")
    }

    /// Completes at the end of some code.
    fn complete(&mut self, code: &str) -> Vec<Completion> {
        self.last += 1;
        let (id, place) = (self.last, at_end(code));
        self.ask(&Question::Complete { id, place });
        match self.answer() {
            Answer::Completions {
                id: of,
                completions,
            } if of == id => completions,
            other => panic!("{other:?}"),
        }
    }

    fn inspect(&mut self, code: &str) -> Option<Page> {
        self.last += 1;
        let (id, place) = (self.last, at_end(code));
        self.ask(&Question::Inspect { id, place });
        match self.answer() {
            Answer::Page { id: of, page } if of == id => page,
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Analyzer {
    fn drop(&mut self) {
        // It ends itself when the link closes; here, in case that is what fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn at_end(code: &str) -> Place {
    Place {
        code: code.to_owned(),
        cursor: code.len(),
    }
}

#[test]
fn it_infers_types_and_runs_nothing() {
    let canary = tempfile::NamedTempFile::new().expect("a file");
    let mut analyzer = Analyzer::start("let mut v: Vec<i32>;\n");
    let found = analyzer.complete("v.pu");
    let push = found.iter().find(|found| found.text == "push");
    let push = push.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((&*push.kind, &*push.signature), ("method", "push(value)"));
    let page = analyzer.inspect("v.push").expect("a page");
    assert!(page.plain.contains("Appends an element"), "{page:?}");
    assert!(page.markdown.starts_with("```rust\n"), "{page:?}");
    assert_eq!(analyzer.inspect("no_such_name"), None);
    // What the cell would do is not done.
    let code = format!("std::fs::remove_file({:?}).unwrap();\nv.po", canary.path());
    let found = analyzer.complete(&code);
    assert!(found.iter().any(|found| found.text == "pop"), "{found:?}");
    assert!(canary.path().exists());
    // Later cells add to what is known.
    analyzer.learn("struct Owl { wise: bool }\nlet owl: Owl;\n");
    let found = analyzer.complete("owl.");
    assert!(
        found
            .iter()
            .any(|found| found.text == "wise" && found.kind == "field"),
        "{found:?}"
    );
    assert!(
        !analyzer
            .complete("v.")
            .iter()
            .any(|found| found.text == "push")
    );
}

#[test]
fn it_ends_with_its_link() {
    let mut analyzer = Analyzer::start("");
    analyzer
        .link
        .shutdown(std::net::Shutdown::Both)
        .expect("closed");
    assert!(!analyzer.child.wait().expect("waited for").success());
}

#[test]
fn odd_code_gets_an_answer() {
    let mut analyzer = Analyzer::start("let v: Vec<u8>;\n");
    let code = "let ä = \"ö\";\nfn f( { match v { Some(x) => v.iter().map(|x| x. \n#[derive(\nuse std::{ \"{}\" // é";
    for (cursor, _) in code.char_indices() {
        let place = Place {
            code: code.to_owned(),
            cursor,
        };
        analyzer.last += 1;
        let id = analyzer.last;
        analyzer.ask(&Question::Complete {
            id,
            place: place.clone(),
        });
        analyzer.answer();
        analyzer.ask(&Question::Inspect { id, place });
        analyzer.answer();
    }
    // A cursor within a character is refused, and the next question is answered.
    analyzer.ask(&Question::Complete {
        id: 0,
        place: Place {
            code: "ä".to_owned(),
            cursor: 1,
        },
    });
    assert!(matches!(analyzer.answer(), Answer::None { id: 0, .. }));
    assert!(!analyzer.complete("v.").is_empty());
}
