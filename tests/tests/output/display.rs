//! What cells show that is not text: displays, their updates, tables, pictures, progress.

use serde_json::json;

use crate::support::Session;

#[test]
fn a_value_is_shown_by_its_own_trait() {
    let mut session = Session::start();
    let cell = session
        .run(
            "use woozle::display::{MimeBundle, Show};\n\
             struct Note(&'static str);\n\
             impl Show for Note {\n    fn mime_bundle(&self) -> MimeBundle {\n        \
             MimeBundle::text(self.0).with(\"text/html\", format!(\"<i>{}</i>\", self.0))\n    }\n}\n\
             let kept = Note(\"kept\");\n\
             woozle::display!(Note(\"first\"));\n\
             woozle::display!(vec![1, 2]);",
        )
        .ok();
    assert_eq!(
        cell.displays,
        [
            bundle(json!({"text/plain": "first", "text/html": "<i>first</i>"})),
            bundle(json!({"text/plain": "[1, 2]"})),
        ]
    );
    session.run("kept").gives("kept");
    session.run("&kept").gives("kept");
}

#[test]
fn json_travels_as_json() {
    let mut session = Session::start();
    let cell = session
        .run("woozle::display!(woozle::display::Json::new(r#\"{\"a\": [1, null]}\"#));")
        .ok();
    assert_eq!(
        cell.displays[0].get("application/json"),
        Some(&json!({"a": [1, null]}))
    );
}

#[test]
fn a_display_is_updated_by_its_own_and_by_later_cells_and_by_threads() {
    let mut session = Session::start();
    let cell = session
        .run(
            "use woozle::display::{Text, display};\n\
             let shown = display(&Text::new(\"0\"));\n\
             shown.update(&Text::new(\"1\"));\n\
             let id = shown.id().to_owned();\n\
             let there = shown.clone();\n\
             std::thread::spawn(move || there.update(&Text::new(\"2\"))).join().unwrap();\n\
             id",
        )
        .ok();
    let id = cell.result.clone().expect("its name").replace('"', "");
    let update = |text: &str| (Some(id.clone()), bundle(json!({"text/plain": text})));
    assert_eq!(cell.displays, [bundle(json!({"text/plain": "0"}))]);
    assert_eq!(cell.updates, [update("1"), update("2")]);
    let later = session
        .run("woozle::display::update_display(&id, &Text::new(\"3\"));")
        .ok();
    assert_eq!(later.updates, [update("3")]);
}

#[test]
fn output_is_cleared_in_order() {
    let mut session = Session::start();
    let cell = session
        .run(
            "use woozle::display::clear_output;\n\
             println!(\"a\");\nclear_output(false);\nprintln!(\"b\");\nclear_output(true);",
        )
        .ok();
    assert_eq!(cell.cleared, [false, true]);
    assert_eq!(cell.stdout, "a\nb\n");
}

#[test]
fn a_worker_shows_in_the_cell_that_submitted_its_task() {
    let mut session = Session::start();
    session
        .run("use woozle::multiprocessing::Pool;\nlet pool = Pool::new(1)?;")
        .ok();
    let cell = session
        .run(
            "fn draw(n: usize) -> usize {\n    woozle::display!(woozle::display::Text::new(\"x\".repeat(n)));\n    n\n}\n\
             pool.map(draw, [3, 200_000])?",
        )
        .ok();
    let length = |n: usize| cell.displays[n]["text/plain"].as_str().map(str::len);
    assert_eq!((length(0), length(1)), (Some(3), Some(200_000)));
}

#[test]
fn an_iterator_draws_its_progress_in_one_place() {
    let mut session = Session::start();
    let cell = session
        .run(
            "use woozle::progress::ProgressIterator;\n\
             let total: u64 = (0..200u64).progress().map(|n| {\n    \
             std::thread::sleep(std::time::Duration::from_millis(2));\n    n\n}).sum();\ntotal",
        )
        .ok();
    assert_eq!(cell.result.as_deref(), Some("19900"));
    assert_eq!((cell.displays.len(), &*cell.stdout), (1, ""));
    let (id, last) = cell.updates.last().expect("it moved");
    assert!(cell.updates.iter().all(|(other, _)| other == id));
    let text = last["text/plain"].as_str().unwrap_or_default();
    assert!(
        text.starts_with("100%|") && text.contains("| 200/200 ["),
        "{text}"
    );
}

#[test]
fn several_bars_stand_below_each_other() {
    let mut session = Session::start();
    let cell = session
        .run(
            "let bars = woozle::progress::bars();\n\
             let (a, b) = (bars.add(woozle::progress::bar(2)), bars.add(woozle::progress::bar(4)));\n\
             std::thread::scope(|scope| {\n    scope.spawn(|| { a.inc(2); a.finish(); });\n    \
             scope.spawn(|| { b.inc(4); b.finish(); });\n});",
        )
        .ok();
    assert_eq!(cell.displays.len(), 1, "{cell:#?}");
    let (_, last) = cell.updates.last().expect("they moved");
    let lines: Vec<_> = last["text/plain"]
        .as_str()
        .unwrap_or_default()
        .lines()
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains(" 2/2 ") && lines[1].contains(" 4/4 "),
        "{lines:?}"
    );
}

#[test]
fn where_nobody_answers_input_is_an_error() {
    let mut session = Session::start();
    session
        .run_headless("woozle::input(\"Name? \")?")
        .fails_with(&["there is nobody to ask"]);
}

fn bundle(json: serde_json::Value) -> woozle_kernel::wire::content::MimeBundle {
    serde_json::from_value(json).expect("an object")
}
