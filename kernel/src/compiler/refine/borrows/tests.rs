//! Tests of `borrows`: the errors have the words and places that rustc 1.95 gives them for code as it is generated.

use super::*;
use crate::compiler::codegen::Emitted;
use crate::compiler::diagnostics::report::Cells;
use crate::compiler::resolve::session_scope::Loans;
use crate::compiler::rustc::messages::Code;
use crate::compiler::syntax::source::{Part, file_name};
use crate::compiler::testing::Notebook;

/// A cell, with the generated pieces that stand after its text.
struct Case {
    notebook: Notebook,
    cell: Cell,
    emitted: Emitted,
}

/// How much room each generated piece has.
const ROOM: usize = 10;

impl Case {
    fn new(mut notebook: Notebook, text: &str, pieces: Vec<Generated>) -> Self {
        let cell = notebook.cell(text);
        let after = text.len() + ROOM;
        let starts = (0..).map(|number| after + number * ROOM);
        let body_generated = starts.map(|at| at..at + ROOM).zip(pieces).collect();
        let emitted = Emitted {
            body_generated,
            ..Emitted::default()
        };
        Self {
            notebook,
            cell,
            emitted,
        }
    }

    fn span(&self, start: usize, label: &str, is_primary: bool) -> Span {
        Span {
            file_name: file_name(self.cell.source.cell, Part::Body),
            byte_start: start,
            byte_end: start + 1,
            is_primary,
            label: Some(label.to_owned()),
            suggested_replacement: None,
            expansion: None,
        }
    }

    /// Where this stands in the text last.
    fn text(&self, what: &str, label: &str, is_primary: bool) -> Span {
        let at = self.cell.source.text.rfind(what).expect("it is there");
        self.span(at + 1, label, is_primary) // a space stands before the text
    }

    /// In a generated piece.
    fn piece(&self, number: usize, label: &str, is_primary: bool) -> Span {
        let start = self.emitted.body_generated[number].0.start;
        self.span(start, label, is_primary)
    }

    fn learn(&mut self, code: &str, message: &str, spans: Vec<Span>) -> bool {
        self.learn_with_note(code, message, spans, Vec::new())
    }

    fn learn_with_note(
        &mut self,
        code: &str,
        message: &str,
        spans: Vec<Span>,
        children: Vec<Message>,
    ) -> bool {
        let code = (!code.is_empty()).then(|| Code {
            code: code.to_owned(),
        });
        let error = Message {
            message: message.to_owned(),
            code,
            level: "error".to_owned(),
            spans,
            children,
        };
        let seen = Seen {
            emitted: &self.emitted,
            cells: &Cells::from([(self.cell.source.cell, self.cell.source.clone())]),
            scope: &self.notebook.scope,
        };
        learn(&mut self.cell, &error, &seen)
    }

    /// What a variable borrows from: `v` or `v mutably`, and `as w` where it has its references from another one.
    fn tie(&self, name: &str) -> Vec<String> {
        let tie = &self.cell.findings.borrowing.ties[name];
        let owners = tie.owners.iter().map(|(owner, loan)| match loan {
            Loan::Shared => owner.clone(),
            Loan::Mutable => format!("{owner} mutably"),
        });
        let derived = tie.derived.iter().map(|other| format!("as {other}"));
        owners.chain(derived).collect()
    }
}

fn keep(name: &str) -> Generated {
    Generated::Keep(name.to_owned())
}

/// A notebook with `v`, from which `first` borrows.
fn borrowed(loan: Loan) -> Notebook {
    let mut notebook = Notebook::default();
    notebook.variable("mut v", "String");
    notebook.variable("first", "&'static str");
    let first = notebook.scope.variables.get_mut("first");
    first.expect("it is there").borrows = Some(Loans::from([("v".to_owned(), loan)]));
    notebook
}

#[test]
fn what_lives_too_short_is_borrowed_from() {
    let text = "let mut v = String::new();\nlet first = v.as_mut_str();";
    let probe = Generated::Probe("v".to_owned());
    let mut case = Case::new(Notebook::default(), text, vec![keep("first"), probe]);
    let spans = vec![
        case.text("v.as", "borrowed value does not live long enough", true),
        case.piece(
            0,
            "argument requires that `v` is borrowed for `'first`",
            false,
        ),
    ];
    assert!(case.learn("E0597", "`v` does not live long enough", spans));
    assert_eq!(case.tie("first"), ["v"]);
    assert!(case.cell.findings.borrowing.owners.contains("v"));

    let spans = vec![
        case.piece(1, "immutable borrow occurs here", true),
        case.text("v.as", "mutable borrow occurs here", false),
    ];
    let message = "cannot borrow `*v` as immutable because it is also borrowed as mutable";
    assert!(case.learn("E0502", message, spans));
    assert_eq!(case.tie("first"), ["v mutably"]);
}

#[test]
fn what_is_kept_while_something_borrows_is_borrowed_from() {
    let text = "let v = String::new();\nlet first = v.as_str();";
    let mut case = Case::new(Notebook::default(), text, vec![keep("v"), keep("first")]);
    let spans = vec![
        case.piece(0, "move out of `v` occurs here", true),
        case.text("v.as", "borrow of `v` occurs here", false),
        case.piece(1, "borrow later used here", false),
    ];
    let message = "cannot move out of `v` because it is borrowed";
    assert!(case.learn("E0505", message, spans));
    assert_eq!(case.tie("first"), ["v"]);
}

#[test]
fn a_closure_borrows_what_it_names() {
    let text = "let mut n = 0;\nlet add = || n += 1;";
    let mut case = Case::new(Notebook::default(), text, vec![keep("add")]);
    let spans = vec![
        case.text("||", "may outlive borrowed value `n`", true),
        case.text("n +=", "`n` is borrowed here", false),
    ];
    let note = Message {
        message: "function requires argument type to outlive `'add`".to_owned(),
        code: None,
        level: "note".to_owned(),
        spans: vec![case.piece(0, "", true)],
        children: Vec::new(),
    };
    let message = "closure may outlive the current function, but it borrows `n`, \
                   which is owned by the current function";
    assert!(case.learn_with_note("E0373", message, spans, vec![note]));
    assert_eq!(case.tie("add"), ["n"]);
}

#[test]
fn a_temporary_value_stays_in_place() {
    let text = "let a = &String::new();";
    let mut case = Case::new(Notebook::default(), text, vec![keep("a")]);
    let label = "creates a temporary value which is freed while still in use";
    let spans = vec![
        case.text("String", label, true),
        case.piece(0, "argument requires that borrow lasts for `'a`", false),
    ];
    let message = "temporary value dropped while borrowed";
    assert!(case.learn("E0716", message, spans.clone()));
    assert!(case.tie("a").is_empty());
    let start = text.find("String").expect("it is there");
    let held = &case.cell.findings.borrowing.held;
    assert_eq!(held[&(start, text.len() - 1)], "a");
    assert!(!case.learn("E0716", message, spans), "it is known");
}

#[test]
fn a_lifetime_that_must_outlive_another_is_where_the_references_are_from() {
    let mut case = Case::new(
        borrowed(Loan::Shared),
        "let half = &first[1..];",
        vec![keep("half")],
    );
    let label = "argument requires that `'first` must outlive `'half`";
    let spans = vec![case.piece(0, label, true)];
    let message = "lifetime may not live long enough";
    assert!(case.learn("", message, spans));
    assert_eq!(case.tie("half"), ["as first"]);

    // Nothing is called `'other`: it may follow from another error.
    let label = "argument requires that `'other` must outlive `'half`";
    let spans = vec![case.piece(0, label, true)];
    assert!(case.learn("", message, spans));
    assert!(case.cell.findings.borrowing.unsure);
    assert_eq!(case.tie("half"), ["as first"]);
}

#[test]
fn a_change_of_the_owner_ends_what_borrows() {
    for (loan, other, ends) in [
        (Loan::Shared, Loan::Shared, true),
        (Loan::Mutable, Loan::Shared, true),
        (Loan::Shared, Loan::Mutable, false),
    ] {
        let tie = Generated::Tie("v".to_owned(), other);
        let mut case = Case::new(borrowed(loan), "v.push('a');", vec![tie]);
        let spans = vec![
            case.text("v.push", "mutable borrow occurs here", true),
            case.piece(0, "immutable borrow occurs here", false),
        ];
        let message = "cannot borrow `*v` as mutable because it is also borrowed as immutable";
        assert_eq!(case.learn("E0502", message, spans), ends);
        assert_eq!(
            case.cell.findings.borrowing.ended.contains("first"),
            ends,
            "{loan:?}"
        );
    }
}

#[test]
fn an_owner_that_is_moved_ends_what_borrows_and_gives_its_box() {
    let mut case = Case::new(borrowed(Loan::Shared), "drop(v);", Vec::new());
    let label = "move occurs because `*v` has type `String`, which does not implement the \
                 `Copy` trait";
    let spans = vec![case.text("v)", label, true)];
    let message = "cannot move out of `*v` which is behind a mutable reference";
    assert!(case.learn("E0507", message, spans));
    assert!(case.cell.findings.moved.contains("v"));
    assert!(case.cell.findings.borrowing.ended.contains("first"));
}

#[test]
fn what_a_thread_takes_is_moved() {
    let text = "std::thread::spawn(move || v);";
    let mut case = Case::new(borrowed(Loan::Shared), text, Vec::new());
    let label = "argument requires that `'v` must outlive `'static`";
    let spans = vec![case.text("std", label, true)];
    let message = "lifetime may not live long enough";
    assert!(case.learn("", message, spans));
    assert!(case.cell.findings.moved.contains("v"));
}

#[test]
fn what_only_looks_dropped_is_leaked() {
    for is_erased in [true, false] {
        let mut notebook = borrowed(Loan::Mutable);
        let first = notebook.scope.variables.get_mut("first");
        first.expect("it is there").is_erased = is_erased;
        let ended = Generated::Ended(vec!["first".to_owned()]);
        let mut case = Case::new(notebook, "v.clear();", vec![ended]);
        let borrowing = &mut case.cell.findings.borrowing;
        borrowing.ended.insert("first".to_owned());
        let label = "first borrow might be used here, when `first` is dropped and runs the destructor \
                     for type `Box<dyn FnMut()>`";
        let spans = vec![
            case.piece(0, "first mutable borrow occurs here", false),
            case.text("v.clear", "second mutable borrow occurs here", true),
            case.text(";", label, false),
        ];
        let message = "cannot borrow `v` as mutable more than once at a time";
        assert_eq!(case.learn("E0499", message, spans), is_erased);
        let leaked = &case.cell.findings.borrowing.leaked;
        assert_eq!(leaked.contains("first"), is_erased);
    }
}

#[test]
fn an_error_of_the_users_own_teaches_nothing() {
    let text = "let mut v = vec![1];\nlet a = &mut v;\nv.push(2);\na.push(3);";
    let mut case = Case::new(Notebook::default(), text, vec![keep("a")]);
    let spans = vec![
        case.text("v.push", "second mutable borrow occurs here", true),
        case.text("&mut v", "first mutable borrow occurs here", false),
        case.text("a.push", "first borrow later used here", false),
    ];
    let message = "cannot borrow `v` as mutable more than once at a time";
    assert!(!case.learn("E0499", message, spans));
    assert!(case.cell.findings.borrowing.ties.is_empty());

    let spans = vec![case.text("v.push", "expected `i32`, found `&str`", true)];
    assert!(!case.learn("E0308", "mismatched types", spans));
}
