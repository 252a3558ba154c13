//! Tests of bringing notebooks to format 4.5.

use super::*;

fn upgraded(notebook: Value) -> Value {
    let Value::Object(mut notebook) = notebook else {
        panic!("not an object: {notebook}")
    };
    upgrade(&mut notebook).expect("a notebook");
    Value::Object(notebook)
}

fn code(id: &Value) -> Value {
    json!({ "cell_type": "code", "id": id, "source": "1" })
}

#[test]
fn ids_are_repaired_and_good_ones_kept() {
    let ids = json!(["a", "a", "", "b", "no space", 3, null, "x".repeat(65), "a"]);
    let ids = ids.as_array().expect("a list");
    let cells: Vec<Value> = ids.iter().map(code).collect();
    let notebook = upgraded(json!({ "nbformat": 4, "nbformat_minor": 5, "cells": cells }));
    let new: Vec<&str> = (0..ids.len())
        .map(|index| notebook["cells"][index]["id"].as_str().expect("an id"))
        .collect();
    assert_eq!((new[0], new[3]), ("a", "b"));
    let different: HashSet<_> = new.iter().collect();
    assert_eq!(different.len(), ids.len(), "{new:?}");
    assert!(new.iter().all(|id| is_id(id)), "{new:?}");
}

#[test]
fn a_later_minor_version_is_kept_with_what_is_new_in_it() {
    let new = json!({
        "nbformat": 4, "nbformat_minor": 99, "metadata": {}, "more": 1,
        "cells": [
            { "cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [],
              "execution_count": null, "more": { "x": 1 } },
            { "cell_type": "hologram", "id": "b", "metadata": {}, "light": [1] },
        ]
    });
    assert_eq!(upgraded(new.clone()), new);
}

#[test]
fn what_is_missing_is_added_where_it_has_one_meaning() {
    let notebook = upgraded(json!({
        "nbformat": 4, "metadata": null,
        "cells": [{ "cell_type": "code", "source": ["1\n", "2"], "metadata": 3 }]
    }));
    assert_eq!(notebook["nbformat_minor"], 5);
    assert_eq!(notebook["metadata"], json!({}));
    let mut cell = notebook["cells"][0].clone();
    cell.as_object_mut()
        .and_then(|cell| cell.remove("id"))
        .expect("an id");
    assert_eq!(
        cell,
        json!({
            "cell_type": "code", "source": ["1\n", "2"], "metadata": {},
            "outputs": [], "execution_count": null,
        })
    );
}

#[test]
fn a_notebook_of_format_3_has_its_cells_in_worksheets() {
    let old = json!({
        "nbformat": 3, "nbformat_minor": 0, "orig_nbformat": 2,
        "metadata": { "name": "old", "signature": "sha256:0", "mine": 1 },
        "worksheets": [
            { "metadata": {}, "cells": [
                { "cell_type": "heading", "level": 2, "metadata": {}, "source": ["A\n", "title"] },
                { "cell_type": "code", "collapsed": true, "input": ["let x = 1;\n", "x"], "language": "python",
                  "prompt_number": 7, "outputs": [{ "output_type": "pyout", "prompt_number": 7, "text": ["1"] }] },
                { "cell_type": "code", "input": "2", "metadata": { "tags": ["raises-exception"] }, "outputs": [] },
            ]},
            { "cells": [
                // Lines that were split without their ends.
                { "cell_type": "markdown", "source": ["one", "two"] },
                { "cell_type": "html", "source": "<b>x</b>", "metadata": {} },
                { "cell_type": "raw", "source": "raw", "metadata": {} },
                { "cell_type": "heading", "source": [] },
            ]},
        ]
    });
    let notebook = upgraded(old);
    assert_eq!(notebook["nbformat"], 4);
    assert_eq!(notebook["nbformat_minor"], 5);
    assert_eq!(notebook["metadata"], json!({ "mine": 1 }));
    assert_eq!(notebook.get("worksheets"), None);
    assert_eq!(notebook.get("orig_nbformat"), None);
    let cells = notebook["cells"].as_array().expect("cells");
    let short: Vec<_> = cells
        .iter()
        .map(|cell| {
            (
                cell["cell_type"].as_str().unwrap(),
                cell["source"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("markdown", "## A title"),
        ("code", "let x = 1;\nx"),
        ("code", "2"),
        ("markdown", "one\ntwo"),
        ("markdown", "<b>x</b>"),
        ("raw", "raw"),
        ("markdown", "# "),
    ];
    assert_eq!(short, expected);
    assert_eq!(cells[1]["metadata"], json!({ "collapsed": true }));
    assert_eq!(cells[1]["outputs"], json!([]));
    assert_eq!(cells[1]["execution_count"], Value::Null);
    assert_eq!(cells[1].get("input"), None);
    assert_eq!(cells[2]["metadata"]["tags"], json!(["raises-exception"]));
}

#[test]
fn what_no_version_allows_is_refused() {
    for notebook in [
        json!({ "nbformat": 3, "worksheets": 1 }),
        json!({ "nbformat": 3, "worksheets": [{}] }),
        json!({ "nbformat": 3, "worksheets": [{ "cells": [1] }] }),
        json!({ "nbformat": 4, "cells": [{ "source": "1" }] }),
        json!({ "nbformat": 4, "cells": [{ "cell_type": "code", "source": [1] }] }),
        json!({ "nbformat": 1, "cells": [] }),
        json!({ "nbformat": -4, "cells": [] }),
    ] {
        let mut object = notebook.as_object().expect("an object").clone();
        let error = upgrade(&mut object).expect_err(&notebook.to_string());
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}
