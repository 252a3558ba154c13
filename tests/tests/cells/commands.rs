//! Lines that begin with a colon, and `%%time` and `%%bench`.

use serde_json::Value;
use woozle_kernel::wire::content::Reply;

use crate::support::{Cell, Session};

#[test]
fn commands_tell_of_the_session() {
    let mut session = Session::start();
    session.run(":vars").prints("there are no variables\n");
    session
        .run(
            "struct Bear;\nlet mut pots = vec![1_u8];\nlet pooh = Bear;\nlet gone = String::new();",
        )
        .ok();
    session.run("drop(gone);").ok();
    session
        .run(":vars")
        .prints("    gone: String  (moved away in cell [3])\n    pooh: Bear\nmut pots: Vec<u8>\n");
    session.run(":type pots\npots.len()").gives("1");
    session.run(":t pots").prints("Vec<u8>\n");
    session
        .run(":type nobody")
        .fails_with(&["cannot find value `nobody`"]);
    let cell = session.run(":help").ok();
    assert!(cell.stdout.contains(":dep ") && cell.stdout.contains(":vars "));
    let cell = session.run(":explain E0382").ok();
    assert!(cell.stdout.contains("moved"), "{}", cell.stdout);
    session
        .run(":explain E9999")
        .fails_with(&["no explanation of E9999"]);
    session.run(":hepl").fails_with(&["did you mean `:help`?"]);
    session
        .run("%timeit 1")
        .fails_with(&["write `%%bench` as the cell's first line"]);
}

#[test]
fn an_expression_has_a_type_without_being_run() {
    let mut session = Session::start();
    session
        .run("let v = vec![1_u64];\nfn twice(n: u64) -> u64 { println!(\"called\"); 2 * n }")
        .ok();
    for (expression, ty) in [
        ("twice(3)", "u64"),
        ("&v[..]", "&[u64]"),
        ("drop(v)", "()"),
        ("\"a\".parse::<f32>()", "Result<f32, ParseFloatError>"),
    ] {
        let cell = session.run(&format!(":type {expression}")).ok();
        let shown = cell.stdout.trim_end();
        let short = shown.rsplit("::").next().unwrap_or(shown);
        assert!(
            shown == ty || short.ends_with("ParseFloatError>"),
            "{expression}: {shown}"
        );
    }
    session.run("v.len()").gives("1");
    session
        .run(":type twice(\"a\")")
        .fails_with(&["E0308", "expected `u64`"]);
    session
        .run(":type let")
        .fails_with(&["takes a variable or an expression"]);
}

#[test]
fn clear_forgets_all_and_leaves_nothing_behind() {
    let mut session = Session::start();
    session
        .run("static N: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\n\
              struct Noisy;\nimpl Drop for Noisy { fn drop(&mut self) { println!(\"dropped\"); } }\n\
              let noisy = Noisy;\nlet n = 3;")
        .ok();
    let cell = session.run(":clear\n1 + 1").ok();
    assert_eq!(cell.result.as_deref(), Some("2"));
    session.run(":vars").prints("there are no variables\n");
    session.run("n").fails_with(&["E0425"]);
    session.run("Noisy").fails_with(&["E0425"]);
    session.run("let n = 'b'; n").gives("'b'");
    session
        .run(":clear everything")
        .fails_with(&["takes no name"]);
}

#[test]
fn settings_change_how_cells_are_compiled_and_shown() {
    let mut session = Session::start();
    let wraps = "fn add(a: u8) -> u8 { a + 250 }";
    session.run(wraps).ok();
    session.run("add(10)").fails_with(&["overflow"]);
    session.run(":opt 2").prints("optimisation: 2\n");
    session.run(&wraps.replace("(a", "(mut a")).ok();
    session.run("add(10)").gives("4");
    session.run(":opt auto").prints("optimisation: auto\n");
    session.run(":opt 7").fails_with(&["`:opt` takes"]);

    session.run(":fmt {:#?}\nSome(1)").gives("Some(\n    1,\n)");
    session
        .run(":fmt {:02x?}\nvec![10_u8, 1]")
        .gives("[0a, 01]");
    session.run(":fmt").prints("format: {:?}\n");
    session.run(":fmt \"{}{}\"").fails_with(&["`:fmt` takes"]);

    let cell = session.run(":types\nSome(1_u8)").ok();
    assert!(cell.stdout.ends_with("type: Option<u8>\n"), "{cell:?}");
    session.run(":types off").ok();

    let cell = session.run(":timing\nlet a = 1;").ok();
    for part in [
        "timing: on\n",
        "parse ",
        "plan ",
        "rustc ",
        "link ",
        "load ",
        "run ",
    ] {
        assert!(cell.stdout.contains(part), "{part}: {cell:?}");
    }
    session.run(":timing\na").gives("1");
    session.run("a").prints("");
    let cell = session.run(":version\n:toolchain").ok();
    assert!(cell.stdout.contains("rustc 1."), "{cell:?}");
    let cell = session.run(":last_compile_dir").ok();
    let folder = std::path::Path::new(cell.stdout.trim_end());
    assert!(folder.join("rustc.args").is_file(), "{cell:?}");
}

#[test]
fn a_function_that_is_defined_again_is_compiled_as_is_chosen_now() {
    let mut session = Session::start();
    let checked = "fn checked() -> bool { cfg!(debug_assertions) }\nchecked()";
    session.run(":opt 3").ok();
    session.run(":clear").ok();
    session.run(checked).gives("false");
    session.run(":opt auto").ok();
    session.run(checked).gives("true");
}

#[test]
fn the_environment_and_the_process_can_be_changed() {
    let mut session = Session::start();
    session.run(":env HONEY = \"a \\ pot\"").prints("");
    session
        .run("std::env::var(\"HONEY\")?")
        .gives("\"a \\\\ pot\"");
    session.run(":env").prints("HONEY=a \\ pot\n");
    session
        .run(":env HONEY")
        .fails_with(&["takes a name and a value"]);
    session
        .run("fn f() -> u8 { 7 }\nlet pid = std::process::id();")
        .ok();
    let cell = session.run(":restart").ok();
    assert!(cell.stderr.contains("1 variable(s) ended"), "{cell:?}");
    session.run("pid").fails_with(&["`pid` was lost"]);
    session.run("f()").gives("7");
    session
        .run("std::env::var(\"HONEY\")?")
        .gives("\"a \\\\ pot\"");
    let cell = session.run(":quit").ok();
    let Some(Reply::Ok(reply)) = cell.reply else {
        panic!("{cell:?}")
    };
    assert_eq!(reply.payload[0]["source"], "ask_exit");
    session.run("f()").gives("7");
}

#[test]
fn the_documentation_of_a_name_is_shown() {
    let mut session = Session::start();
    session.run("/// Tastes the honey.\nfn taste() {}").ok();
    let cell = session.run(":doc taste").ok();
    let page = serde_json::to_string(&cell.displays).expect("JSON");
    assert!(page.contains("Tastes the honey."), "{page}");
    let cell = session.run("?taste").ok();
    let Some(Reply::Ok(reply)) = cell.reply else {
        panic!("{cell:?}")
    };
    assert_eq!(reply.payload[0]["source"], "page");
    let page = reply.payload[0]["data"]["text/plain"].to_string();
    assert!(page.contains("Tastes the honey."), "{page}");
    session
        .run(":doc nowhere_to_be_found")
        .fails_with(&["nothing is known"]);
}

/// Whether such a line was printed, with a time above a number of milliseconds.
fn takes(cell: &Cell, milliseconds: f64) -> bool {
    let time = cell
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("time: "));
    let time = time
        .and_then(|line| line.split(',').next())
        .unwrap_or_default();
    let (number, unit) = time.split_once(' ').unwrap_or_default();
    let scale = match unit {
        "s" => 1000.0,
        "ms" => 1.0,
        _ => 0.0,
    };
    number
        .parse()
        .is_ok_and(|number: f64| number * scale >= milliseconds)
}

#[test]
fn time_measures_a_cell_that_is_otherwise_as_usual() {
    let mut session = Session::start();
    let cell = session
        .run("%%time\nlet a = 3;\nstd::thread::sleep(std::time::Duration::from_millis(30));\na");
    let cell = cell.ok();
    assert!(takes(&cell, 30.0), "{cell:?}");
    assert_eq!(cell.result.as_deref(), Some("3"));
    session.run("a").gives("3");
    let cell = session.run("%%time\npanic!(\"no honey\")");
    cell.fails_with(&["no honey", "cell [3]:2:1"]);
    assert!(cell.stdout.starts_with("time: "), "{cell:?}");
}

fn plain(display: &serde_json::Map<String, Value>) -> &str {
    display["text/plain"].as_str().expect("text")
}

#[test]
fn bench_runs_a_cell_often_and_shows_statistics() {
    let mut session = Session::start();
    session
        .run("let v: Vec<u64> = (0..100).collect();\nlet mut runs = 0_u64;")
        .ok();
    let cell = session
        .run("%%bench\nlet sum: u64 = v.iter().sum();\nruns += 1;\nprintln!(\"{sum}\");\nsum % 7")
        .ok();
    assert_eq!((cell.stdout.as_str(), cell.result), ("4950\n", None));
    let [display] = &cell.displays[..] else {
        panic!("{:?}", cell.displays)
    };
    assert!(plain(display).starts_with("median "), "{display:?}");
    assert!(
        display["text/html"]
            .as_str()
            .is_some_and(|page| page.contains("<svg"))
    );
    session.run("runs > 100").gives("true");
    // Its own variables ended with each run.
    session.run("sum").fails_with(&["E0425"]);
    session.run("println!(\"heard\")").prints("heard\n");
}

#[test]
fn bench_compiles_as_rustc_does_with_o() {
    let mut session = Session::start();
    session.run("let n = 7_u32;").ok();
    session.run("n + u32::MAX").fails_with(&["overflow"]);
    // There overflow wraps.
    let cell = session
        .run("%%bench\nlet sum = n + u32::MAX;\nassert_eq!(sum, 6);")
        .ok();
    assert!(plain(&cell.displays[0]).contains("samples"), "{cell:?}");
    // So it does in functions of earlier cells, which are as they were for all others.
    session.run("fn sum(n: u32) -> u32 { n + u32::MAX }").ok();
    session.run("%%bench\nsum(n)").ok();
    session.run("sum(n)").fails_with(&["overflow"]);
    session
        .run(":opt 0\n%%bench\nn + u32::MAX")
        .fails_with(&["overflow"]);
}

#[test]
fn bench_ends_with_the_first_error() {
    let mut session = Session::start();
    session
        .run("%%bench\n\"honey\".parse::<u8>()?")
        .fails_with(&["ParseIntError", "cell [1]:2"]);
    session
        .run("%%bench\npanic!(\"bother\")")
        .fails_with(&["bother", "cell [2]:2:1"]);
    session.run("let v = vec![1];").ok();
    session
        .run("%%bench\ndrop(v);")
        .fails_with(&["E0507", "`v`"]);
    session.run("v.len()").gives("1");
    session
        .run("%%bench\nlet s = &String::from(\"a\");\nasync { s.len() }.await")
        .ok();
}
