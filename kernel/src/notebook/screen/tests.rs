//! Tests of what a run prints when its output is not a terminal.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::*;
use crate::wire::content::{ErrorOutput, ExecuteResult, Stream};

/// Both streams of a screen in one text; what went to stderr is marked.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<String>>);

struct Pen {
    paper: Paper,
    mark: &'static str,
}

impl Write for Pen {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut paper = self.paper.0.lock().expect("not poisoned");
        paper.push_str(self.mark);
        paper.push_str(str::from_utf8(text).expect("UTF-8"));
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn printed(act: impl FnOnce(&mut Screen)) -> String {
    let paper = Paper::default();
    let pen = |mark| {
        Box::new(Pen {
            paper: paper.clone(),
            mark,
        })
    };
    act(&mut Screen::plain(3, pen(""), pen("!")));
    paper.0.lock().expect("not poisoned").clone()
}

fn stream(name: StreamName, text: &str) -> Content {
    Stream {
        name,
        text: text.to_owned(),
    }
    .into()
}

#[test]
fn output_comes_below_its_cells_header() {
    let text = printed(|screen| {
        screen.cell(1, "a()");
        screen.output(1, &stream(StreamName::Stdout, "one\n"));
        screen.output(1, &stream(StreamName::Stderr, "oh\n"));
        screen.cell_done();
        screen.cell(2, "b()");
        screen.output(2, &stream(StreamName::Stdout, "two"));
        screen.cell_done();
    });
    assert_eq!(text, "── cell [1] ──\none\n!oh\n── cell [2] ──\ntwo\n");
}

#[test]
fn late_output_says_whose_it_is() {
    let text = printed(|screen| {
        screen.cell(1, "a()");
        screen.cell_done();
        screen.cell(2, "b()");
        screen.output(2, &stream(StreamName::Stdout, "part"));
        screen.output(1, &stream(StreamName::Stdout, "late\n"));
        screen.output(2, &stream(StreamName::Stdout, "more\n"));
        screen.cell_done();
    });
    let expected =
        "── cell [1] ──\n── cell [2] ──\npart\n── cell [1], still ──\nlate\n── cell [2] ──\nmore\n";
    assert_eq!(text, expected);
}

#[test]
fn results_and_errors_start_on_a_line_of_their_own() {
    let data = |mime: &str, value: &str| MimeBundle::from_iter([(mime.to_owned(), json!(value))]);
    let result = |data| ExecuteResult {
        execution_count: 1,
        data,
        metadata: MimeBundle::new(),
    };
    let error = ErrorOutput {
        ename: "E".to_owned(),
        evalue: "v".to_owned(),
        traceback: vec![
            "\u{1b}[31merror\u{1b}[0m: no".to_owned(),
            " --> cell [1]".to_owned(),
        ],
    };
    let text = printed(|screen| {
        screen.cell(1, "a()");
        screen.output(1, &stream(StreamName::Stdout, "part"));
        screen.output(1, &result(data("text/plain", "5")).into());
        screen.output(1, &result(data("image/png", "…")).into());
        screen.output(1, &error.into());
        screen.cell_done();
    });
    assert_eq!(
        text,
        "── cell [1] ──\npart\n5\n[image/png]\n!error: no\n --> cell [1]\n"
    );
}

#[test]
fn of_what_changes_its_end_is_printed() {
    let text = printed(|screen| {
        let shown = |text: &str| json!({"data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": "d"}});
        let content = |text| serde_json::from_value(shown(text)).expect("as in the protocol");
        screen.cell(1, "a()");
        screen.output(1, &Content::DisplayData(content("0%")));
        for percent in ["10%", "50%", "100%"] {
            let update = serde_json::from_value(shown(percent)).expect("as in the protocol");
            screen.output(1, &Content::UpdateDisplayData(update));
        }
        screen.output(1, &stream(StreamName::Stdout, "done\n"));
        screen.cell_done();
    });
    assert_eq!(text, "── cell [1] ──\n0%\ndone\n100%\n");
}
