//! Whole runs of notebooks: a real kernel process, real sockets, toy cells.

mod toy;

use std::env;
use std::io;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use toy::{notebook, run_toy};
use woozle_kernel::notebook::{End, LinkError, Options, Screen, run};

fn screen() -> Screen {
    Screen::plain(0, Box::new(io::sink()), Box::new(io::sink()))
}

async fn completed(cells: &[(&str, &[&str])]) -> Value {
    let (end, notebook) = run_toy(notebook(cells), &Options::default(), &mut screen()).await;
    assert!(matches!(end, Ok(End::Completed)), "{end:?}");
    notebook
}

fn stdout(lines: &[&str]) -> Value {
    json!({ "output_type": "stream", "name": "stdout", "text": lines })
}

#[tokio::test]
async fn each_cell_has_its_outputs_and_its_number() {
    let run = completed(&[
        ("print a\neprint b\nprint c", &[]),
        ("  \n", &[]),
        ("value 42", &[]),
    ])
    .await;
    let cells = &run["cells"];
    let stderr = json!({ "output_type": "stream", "name": "stderr", "text": ["b\n"] });
    assert_eq!(
        cells[0]["outputs"],
        json!([stdout(&["a\n"]), stderr, stdout(&["c\n"])])
    );
    assert_eq!(cells[0]["execution_count"], 1);
    assert_eq!(cells[1]["execution_count"], Value::Null);
    assert_eq!(cells[2]["execution_count"], 2);
    let result = json!({
        "output_type": "execute_result", "execution_count": 2, "data": { "text/plain": ["42"] }, "metadata": {},
    });
    assert_eq!(cells[2]["outputs"], json!([result]));
    for event in [
        "iopub.status.busy",
        "iopub.execute_input",
        "shell.execute_reply",
        "iopub.status.idle",
    ] {
        assert!(
            cells[0]["metadata"]["execution"][event].is_string(),
            "{event}: {cells}"
        );
    }
    assert_eq!(run["metadata"]["language_info"]["file_extension"], ".rs");
    assert_eq!(run["metadata"]["kernelspec"]["name"], "woozle");
}

#[tokio::test]
async fn output_goes_to_the_cell_that_it_belongs_to() {
    let run = completed(&[
        ("keep first\nprint now\ndisplay bar 0 %", &[]),
        ("print second\nprint-to first late\nupdate bar 100 %", &[]),
    ])
    .await;
    let display = json!({ "output_type": "display_data", "data": { "text/plain": ["100 %"] }, "metadata": {} });
    assert_eq!(
        run["cells"][0]["outputs"],
        json!([stdout(&["now\n"]), display, stdout(&["late\n"])])
    );
    assert_eq!(run["cells"][1]["outputs"], json!([stdout(&["second\n"])]));
}

#[tokio::test]
async fn the_kernel_is_told_that_nobody_can_answer_and_where_it_runs() {
    let run = completed(&[("can-ask\ncwd", &[])]).await;
    let cwd = format!(
        "{}\n",
        env::temp_dir().canonicalize().expect("there").display()
    );
    assert_eq!(
        run["cells"][0]["outputs"],
        json!([stdout(&["false\n", &cwd])])
    );
}

#[tokio::test]
async fn a_failure_ends_the_run_unless_it_is_allowed() {
    let cells: &[(&str, &[&str])] = &[
        ("fail E1 one", &["raises-exception"]),
        ("fail E2 two", &[]),
        ("print x", &[]),
    ];
    let (end, run) = run_toy(notebook(cells), &Options::default(), &mut screen()).await;
    assert!(
        matches!(&end, Ok(End::Failed { cell: 2, error }) if error.ename == "E2"),
        "{end:?}"
    );
    assert_eq!(run["cells"][0]["outputs"][0]["ename"], "E1");
    assert_eq!(run["cells"][1]["outputs"][0]["evalue"], "two");
    assert_eq!(run["cells"][2]["outputs"], json!([]));
    assert_eq!(run["cells"][2]["execution_count"], Value::Null);

    let options = Options {
        allow_errors: true,
        ..Options::default()
    };
    let (end, run) = run_toy(notebook(cells), &options, &mut screen()).await;
    assert!(matches!(end, Ok(End::Completed)), "{end:?}");
    assert_eq!(run["cells"][2]["outputs"], json!([stdout(&["x\n"])]));
}

#[tokio::test]
async fn a_cell_that_takes_too_long_is_interrupted() {
    let options = Options {
        timeout: Some(Duration::from_millis(200)),
        ..Options::default()
    };
    let cells: &[(&str, &[&str])] = &[
        ("wait-for-interrupt", &["raises-exception"]),
        ("print x", &[]),
    ];
    let (end, run) = run_toy(notebook(cells), &options, &mut screen()).await;
    assert!(matches!(end, Ok(End::TimedOut { cell: 1 })), "{end:?}");
    assert_eq!(run["cells"][0]["outputs"][0]["ename"], "KeyboardInterrupt");
    assert_eq!(run["cells"][1]["outputs"], json!([]));
}

#[tokio::test]
async fn a_kernel_that_dies_ends_the_run() {
    let cells: &[(&str, &[&str])] = &[("print fine", &[]), ("exit 5", &[]), ("print x", &[])];
    let (end, run) = run_toy(notebook(cells), &Options::default(), &mut screen()).await;
    assert!(
        matches!(&end, Ok(End::Died { cell: 2, status }) if status.code() == Some(5)),
        "{end:?}"
    );
    assert_eq!(run["cells"][0]["outputs"], json!([stdout(&["fine\n"])]));
}

#[tokio::test]
async fn the_kernel_and_its_files_are_gone_after_the_run() {
    let run = completed(&[("pid\nconnection-file", &[])]).await;
    let line = |index: usize| {
        run["cells"][0]["outputs"][0]["text"][index]
            .as_str()
            .unwrap_or_default()
            .trim()
    };
    let (pid, file) = (line(0), Path::new(line(1)));
    assert!(
        pid.parse::<u32>().is_ok() && !Path::new("/proc").join(pid).exists(),
        "{pid}"
    );
    assert!(
        file.is_absolute() && !file.parent().expect("a folder").exists(),
        "{}",
        file.display()
    );
}

#[tokio::test]
async fn a_program_that_is_no_kernel_is_an_error_at_once() {
    let try_it = async |program: &str| {
        let mut document = notebook(&[("print x", &[])]);
        run(
            &mut document,
            Path::new(program),
            &env::temp_dir(),
            &Options::default(),
            &mut screen(),
        )
        .await
    };
    let ended = try_it("/bin/false").await;
    assert!(
        matches!(&ended, Err(LinkError::DiedAtStart(status)) if status.code() == Some(1)),
        "{ended:?}"
    );
    let missing = try_it("/no/such/program").await;
    assert!(matches!(missing, Err(LinkError::Start(_))), "{missing:?}");
}
