//! Tests of reading notebooks, good and bad, and of what is kept when they are written.

use super::*;

fn read(value: &Value) -> Document {
    Document::from_json(value.to_string().as_bytes()).expect("a notebook")
}

fn written(document: &Document) -> Value {
    serde_json::from_slice(&document.to_json().expect("written")).expect("JSON")
}

fn sample() -> Value {
    json!({
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": { "kernelspec": { "name": "woozle", "display_name": "R", "language": "rust", "x": 1 }, "mine": [1] },
        "cells": [
            { "cell_type": "markdown", "id": "m", "metadata": { "editor": "vim" }, "source": "# Title" },
            {
                "cell_type": "code", "id": "a", "source": ["let x = 1;\n", "x"],
                "metadata": { "tags": ["raises-exception"], "scrolled": "auto", "jupyter": "odd" },
                "execution_count": 7, "outputs": [{ "output_type": "stream", "name": "stdout", "text": "old" }]
            },
            { "cell_type": "code", "id": "b", "metadata": {}, "source": " \n", "execution_count": null, "outputs": [] },
            {
                "cell_type": "code", "id": "c", "metadata": { "tags": ["skip-execution"] }, "source": "later()",
                "execution_count": 3, "outputs": [{ "output_type": "stream", "name": "stdout", "text": ["kept\n"] }]
            },
        ]
    })
}

#[test]
fn only_the_cells_that_run_are_listed() {
    let cells = read(&sample()).code_cells();
    assert_eq!(
        cells,
        [CodeCell {
            index: 1,
            source: "let x = 1;\nx".to_owned(),
            may_fail: true
        }]
    );
}

#[test]
fn a_run_starts_from_no_results_and_unknown_metadata_is_kept() {
    let mut document = read(&sample());
    document.set_kernel(json!({ "name": "rust", "version": "1.95.0" }));
    let notebook = written(&document);
    assert_eq!(notebook["cells"][1]["outputs"], json!([]));
    assert_eq!(notebook["cells"][1]["execution_count"], Value::Null);
    assert_eq!(
        notebook["cells"][3]["outputs"][0]["text"],
        json!(["kept\n"])
    );
    assert_eq!(notebook["cells"][3]["execution_count"], 3);
    for index in 0..4 {
        assert_eq!(
            notebook["cells"][index]["metadata"],
            sample()["cells"][index]["metadata"]
        );
    }
    assert_eq!(notebook["metadata"]["mine"], json!([1]));
    assert_eq!(
        notebook["metadata"]["kernelspec"],
        sample()["metadata"]["kernelspec"]
    );
    assert_eq!(notebook["metadata"]["language_info"]["version"], "1.95.0");
}

#[test]
fn results_go_into_their_cell() {
    let mut document = read(&sample());
    let output = json!({ "output_type": "stream", "name": "stdout", "text": ["a\n", "b"] });
    let times = Map::from_iter([(
        "iopub.status.idle".to_owned(),
        json!("2026-01-01T00:00:00Z"),
    )]);
    document.set_results(1, Some(4), vec![output], times);
    let cell = &written(&document)["cells"][1];
    assert_eq!(cell["execution_count"], 4);
    assert_eq!(
        cell["outputs"],
        json!([{ "output_type": "stream", "name": "stdout", "text": ["a\n", "b"] }])
    );
    assert_eq!(
        cell["metadata"]["execution"]["iopub.status.idle"],
        "2026-01-01T00:00:00Z"
    );
    assert_eq!(cell["metadata"]["scrolled"], "auto");
}

#[test]
fn the_kernelspec_is_recorded_where_there_is_none() {
    let mut document =
        read(&json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [] }));
    assert_eq!(document.language(), None);
    document.set_kernel(json!({ "name": "rust" }));
    assert_eq!(
        written(&document)["metadata"]["kernelspec"]["name"],
        "woozle"
    );
    assert_eq!(document.language(), Some("rust"));
}

#[test]
fn older_minor_versions_are_brought_up_to_date() {
    let mut old = sample();
    old["nbformat_minor"] = json!(2);
    for cell in old["cells"].as_array_mut().expect("cells") {
        cell.as_object_mut().expect("a cell").remove("id");
    }
    let document = read(&old);
    let notebook = written(&document);
    assert_eq!(notebook["nbformat_minor"], 5);
    assert_eq!(document.code_cells().len(), 1);
    assert_eq!(notebook["cells"][0]["metadata"], json!({ "editor": "vim" }));
    assert!(
        notebook["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .all(|cell| cell["id"].is_string())
    );
}

#[test]
fn a_notebook_is_written_as_jupyter_writes_it() {
    let document = read(&json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": { "z": 1, "a": 2 },
        "cells": [{ "source": "a\nb", "metadata": {}, "id": "m", "cell_type": "markdown" }],
    }));
    let text = String::from_utf8(document.to_json().expect("written")).expect("UTF-8");
    let expected = r##"{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "m",
   "metadata": {},
   "source": [
    "a\n",
    "b"
   ]
  }
 ],
 "metadata": {
  "a": 2,
  "z": 1
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"##;
    assert_eq!(text, expected);
}

#[test]
fn half_characters_and_a_byte_order_mark_are_read() {
    let text = sample().to_string().replace("let x", r"// \ud800\nlet x");
    let document = Document::from_json(format!("\u{feff}{text}").as_bytes()).expect("a notebook");
    let [cell] = &document.code_cells()[..] else {
        panic!("not one cell: {document:?}")
    };
    assert_eq!(cell.source, "// \u{fffd}\nlet x = 1;\nx");
    assert!(document.notes()[0].contains("lone surrogates"));
    assert!(read(&sample()).notes().is_empty());
}

#[test]
fn what_is_no_notebook_is_refused_with_the_reason() {
    type Is = fn(&DocumentError) -> bool;
    let not_json: Is = |error| matches!(error, DocumentError::NotJson(_));
    let not_notebook: Is = |error| matches!(error, DocumentError::NotANotebook(_));
    let version: Is = |error| matches!(error, DocumentError::TooNew(9));
    let table: &[(&[u8], Is)] = &[
        (b"", not_json),
        (b"# A script\n", not_json),
        (b"{\"nbformat\": 4,", not_json),
        (b"\xff\xfe", not_json),
        (b"[1, 2]", not_notebook),
        (b"{}", not_notebook),
        (b"{\"name\": \"package.json\"}", not_notebook),
        (b"{\"nbformat\": \"4\"}", not_notebook),
        (
            b"{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}}",
            not_notebook,
        ),
        (
            b"{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [1]}",
            not_notebook,
        ),
        (
            b"{\"nbformat\": 4, \"nbformat_minor\": 5, \"cells\": [{\"cell_type\": \"code\"}]}",
            not_notebook,
        ),
        (
            b"{\"nbformat\": 4, \"nbformat_minor\": 5, \"cells\": 3}",
            not_notebook,
        ),
        (
            b"{\"nbformat\": 9, \"nbformat_minor\": 0, \"cells\": []}",
            version,
        ),
    ];
    for (text, is_expected) in table {
        let shown = String::from_utf8_lossy(text);
        let error = Document::from_json(text).expect_err(&shown);
        assert!(is_expected(&error), "{shown}: {error:?}");
    }
}

#[test]
fn a_missing_file_is_a_read_error() {
    let error = Document::read(Path::new("/no/such/notebook.ipynb")).expect_err("missing");
    assert!(matches!(error, DocumentError::Read { .. }), "{error:?}");
}
