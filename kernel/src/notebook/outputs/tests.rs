//! Tests of gathering outputs, message by message.

use serde_json::json;

use super::*;
use crate::wire::content::{self, ClearOutput, Stream, Transient, UpdateDisplayData};

fn text(name: StreamName, text: &str) -> Content {
    Stream {
        name,
        text: text.to_owned(),
    }
    .into()
}

fn stdout(shown: &str) -> Content {
    text(StreamName::Stdout, shown)
}

fn bundle(plain: &str) -> MimeBundle {
    MimeBundle::from_iter([("text/plain".to_owned(), json!(plain))])
}

fn id(id: &str) -> Transient {
    Transient {
        display_id: Some(id.to_owned()),
    }
}

fn display(plain: &str, transient: Transient) -> Content {
    content::DisplayData {
        data: bundle(plain),
        metadata: MimeBundle::new(),
        transient,
    }
    .into()
}

fn update(plain: &str, transient: Transient) -> Content {
    UpdateDisplayData {
        data: bundle(plain),
        metadata: MimeBundle::new(),
        transient,
    }
    .into()
}

fn taken(outputs: &mut Outputs, cell: usize) -> Value {
    serde_json::to_value(outputs.take(cell)).expect("JSON")
}

fn gathered(messages: &[Content]) -> Value {
    let mut outputs = Outputs::new(1);
    for message in messages {
        outputs.apply(0, message);
    }
    taken(&mut outputs, 0)
}

fn stream_json(name: &str, lines: &[&str]) -> Value {
    json!({ "output_type": "stream", "name": name, "text": lines })
}

fn display_json(plain: &str) -> Value {
    json!({ "output_type": "display_data", "data": { "text/plain": [plain] }, "metadata": {} })
}

#[test]
fn consecutive_text_of_one_stream_is_one_output() {
    let messages = [
        stdout("a"),
        stdout("b\n"),
        text(StreamName::Stderr, "e\n"),
        stdout("c\n"),
        stdout("d\n"),
    ];
    let expected = json!([
        stream_json("stdout", &["ab\n"]),
        stream_json("stderr", &["e\n"]),
        stream_json("stdout", &["c\n", "d\n"]),
    ]);
    assert_eq!(gathered(&messages), expected);
}

#[test]
fn another_output_between_keeps_text_apart() {
    let messages = [
        stdout("a\n"),
        display("x", Transient::default()),
        stdout("b\n"),
    ];
    let expected = json!([
        stream_json("stdout", &["a\n"]),
        display_json("x"),
        stream_json("stdout", &["b\n"])
    ]);
    assert_eq!(gathered(&messages), expected);
}

#[test]
fn clear_output_clears_at_once_or_with_the_next_output() {
    let clear = |wait| Content::from(ClearOutput { wait });
    assert_eq!(
        gathered(&[stdout("a"), clear(false), stdout("b")]),
        json!([stream_json("stdout", &["b"])])
    );
    assert_eq!(gathered(&[stdout("a"), clear(false)]), json!([]));
    assert_eq!(
        gathered(&[stdout("a"), clear(true)]),
        json!([stream_json("stdout", &["a"])])
    );
    assert_eq!(
        gathered(&[stdout("a"), clear(true), stdout("b")]),
        json!([stream_json("stdout", &["b"])])
    );
    let again = [
        stdout("a"),
        clear(true),
        display("x", Transient::default()),
        stdout("b"),
    ];
    assert_eq!(
        gathered(&again),
        json!([display_json("x"), stream_json("stdout", &["b"])])
    );
}

#[test]
fn a_display_is_updated_wherever_it_is() {
    let mut outputs = Outputs::new(3);
    outputs.apply(0, &display("one", id("bar")));
    outputs.apply(0, &display("other", id("foo")));
    outputs.apply(1, &display("two", id("bar")));
    outputs.apply(2, &update("three", id("bar")));
    assert_eq!(
        taken(&mut outputs, 0),
        json!([display_json("three"), display_json("other")])
    );
    assert_eq!(taken(&mut outputs, 1), json!([display_json("three")]));
    assert_eq!(taken(&mut outputs, 2), json!([]));
}

#[test]
fn an_update_of_an_unknown_or_cleared_display_shows_nothing() {
    assert_eq!(gathered(&[update("x", id("bar"))]), json!([]));
    assert_eq!(gathered(&[update("x", Transient::default())]), json!([]));
    let cleared = [
        display("x", id("bar")),
        ClearOutput { wait: false }.into(),
        update("y", id("bar")),
    ];
    assert_eq!(gathered(&cleared), json!([]));
}

#[test]
fn results_errors_and_rich_data_are_kept() {
    let mut data = bundle("P { x: 1 }");
    data.insert("application/json".to_owned(), json!({ "x": [1] }));
    data.insert("application/vnd.mine+json".to_owned(), json!({ "y": 2 }));
    data.insert("text/html".to_owned(), json!(3));
    let metadata = MimeBundle::from_iter([("text/html".to_owned(), json!({ "isolated": true }))]);
    let result = content::ExecuteResult {
        execution_count: 5,
        data,
        metadata,
    };
    let error = content::ErrorOutput {
        ename: "E0425".to_owned(),
        evalue: "not found".to_owned(),
        traceback: vec!["error".to_owned(), " --> cell [5]".to_owned()],
    };
    let expected = json!([
        {
            "output_type": "execute_result", "execution_count": 5,
            "data": {
                "text/plain": ["P { x: 1 }"], "application/json": { "x": [1] },
                "application/vnd.mine+json": { "y": 2 }, "text/html": ["3"],
            },
            "metadata": { "text/html": { "isolated": true } },
        },
        { "output_type": "error", "ename": "E0425", "evalue": "not found", "traceback": ["error", " --> cell [5]"] },
    ]);
    assert_eq!(gathered(&[result.into(), error.into()]), expected);
}

#[test]
fn a_cell_that_is_not_there_is_no_trouble() {
    let mut outputs = Outputs::new(1);
    outputs.apply(7, &stdout("a"));
    assert_eq!(taken(&mut outputs, 7), json!([]));
}
