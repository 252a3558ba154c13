//! Processes that run functions of cells: which function, whose output, and that nothing is left.

use crate::support::{Session, Watched, descendants};

const POOL: &str = "use woozle::multiprocessing::{Pool, Process};\nlet pool = Pool::new(2)?;";

fn session() -> Session {
    let mut session = Session::start();
    session.run(POOL).ok();
    session
}

#[test]
fn a_function_of_a_cell_runs_in_other_processes() {
    let mut session = session();
    session
        .run(
            "fn square(n: u64) -> u64 { n * n }\nfn power(n: u64, e: u32) -> u64 { n.pow(e) }\n\
             pool.map(square, 0..5)?",
        )
        .gives("[0, 1, 4, 9, 16]");
    session
        .run("pool.starmap(power, [(2, 10), (3, 2)])?")
        .gives("[1024, 9]");
    session
        .run("pool.apply(|| std::process::id() != 0, ())?")
        .gives("true");
    // A function of this cell that uses those of others, and a kept closure.
    session
        .run("let twice = |n: u64| 2 * n;\nfn sum(n: u64) -> u64 { (0..n).map(square).sum() }")
        .ok();
    session
        .run("(pool.map(sum, [3, 4])?, pool.map(twice, [3, 4])?)")
        .gives("([5, 14], [6, 8])");
}

#[test]
fn a_function_that_is_defined_anew_runs_in_its_new_version() {
    let mut session = session();
    session
        .run("fn f(n: i32) -> i32 { n + g() }\nfn g() -> i32 { 1 }")
        .ok();
    session.run("pool.map(f, [1, 2])?").gives("[2, 3]");
    session.run("fn g() -> i32 { 10 }").ok();
    session.run("pool.map(f, [1, 2])?").gives("[11, 12]");
}

#[test]
fn types_of_cells_travel() {
    let mut session = session();
    session
        .run(
            "use serde::{Serialize, Deserialize};\n\
             #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\n\
             struct Bear { name: String, pots: Vec<u32> }\n\
             fn feed(mut bear: Bear) -> Result<Bear, String> {\n    \
             bear.pots.pop().ok_or(\"no honey\")?;\n    Ok(bear)\n}",
        )
        .ok();
    session
        .run(
            "let pooh = Bear { name: \"Pooh\".into(), pots: vec![1] };\n\
             let fed = pool.apply(feed, (pooh,))?;\n\
             (fed.clone(), pool.apply(feed, (fed.unwrap(),))?)",
        )
        .gives("(Ok(Bear { name: \"Pooh\", pots: [] }), Err(\"no honey\"))");
}

/// One error for each, in words that are not serde's.
#[test]
fn what_cannot_go_to_a_process_is_refused_with_advice() {
    let mut session = session();
    session
        .run(
            "fn len(s: &str) -> usize { s.len() }\nfn total(v: &[u64]) -> u64 { v.iter().sum() }\n\
             fn read(p: String) -> Result<String, std::io::Error> { std::fs::read_to_string(p) }\n\
             fn parse(p: String) -> Result<u32, Box<dyn std::error::Error>> { Ok(p.parse()?) }\n\
             #[derive(Debug)]\nstruct Mine;\nfn own(p: String) -> Result<String, Mine> { Ok(p) }",
        )
        .ok();
    let (text, error) = ("take `String`", ".map_err(|e| e.to_string())");
    for (call, advice) in [
        ("pool.map(len, [\"a\"])", text),
        ("pool.map(|s: &str| s.len(), [\"a\"])", text),
        ("pool.apply(len, (\"a\",))", text),
        ("pool.apply(total, (&[1][..],))", "take `Vec<u64>`"),
        ("pool.map(read, [\"a\".to_owned()])", error),
        ("pool.map(parse, [\"a\".to_owned()])", error),
        ("pool.apply_async(parse, (\"a\".to_owned(),)).get()", error),
        (
            "woozle::concurrent::ProcessPoolExecutor::new(1)?.submit(read, (\"a\".to_owned(),))",
            error,
        ),
    ] {
        let text = session.run(call).fails();
        assert!(text.contains(advice), "{call}: {text}");
        assert!(!text.contains("serde"), "{call}: {text}");
        assert_eq!(text.matches("-->").count(), 1, "{call}: {text}");
    }
    // A type of the user's can be changed.
    session
        .run("pool.map(own, [\"a\".to_owned()])")
        .fails_with(&["#[derive(serde::Serialize)]", "`Mine`"]);
}

/// Of what lies between, and of the runtime, nothing is shown.
#[test]
fn a_panic_of_a_task_shows_the_users_functions_alone() {
    let mut session = session();
    session
        .run("#[inline(never)]\nfn inner(n: i32) -> i32 { assert!(n > 5, \"small\"); n }\n#[inline(never)]\nfn bad(n: i32) -> i32 { inner(n) + 1 }")
        .ok();
    for call in [
        "pool.map(bad, [3])",
        "pool.apply_async(bad, (3,)).get()",
        "woozle::concurrent::ProcessPoolExecutor::new(1)?.submit(bad, (3,)).result()",
    ] {
        let shown = session
            .run(&format!("{call}.unwrap_err().to_string()"))
            .ok();
        let shown = shown.result.expect("a text");
        let calls: Vec<&str> = shown.split("\\n").skip(1).collect();
        assert_eq!(calls, ["  in inner", "  in bad\""], "{call}: {shown}");
    }
}

#[test]
fn a_closure_that_captures_is_refused_with_advice() {
    let mut session = session();
    session
        .run(
            "use woozle::concurrent::ProcessPoolExecutor;\nlet executor = ProcessPoolExecutor::new(1)?;\n\
             let (n, v) = (5usize, vec![1u32]);\nlet kept = { let v = v.clone(); move |x: usize| v[x] };",
        )
        .ok();
    // What is captured may be `Copy` or not, moved or borrowed, or in a box. What looks like a function pointer is
    // refused when it is called.
    for (call, column) in [
        ("pool.map(move |x: usize| x + n, 0..3)?", 10),
        ("pool.map(|x: usize| x + n, 0..3)?", 1),
        (
            "{ let v = v.clone(); pool.map(move |x: usize| v[x], 0..1)? }",
            31,
        ),
        ("pool.map(|x: usize| v[x] + kept(x), 0..1)?", 10),
        ("pool.map(kept, 0..1)?", 10),
        ("pool.starmap(|x: usize| v[x], [(0,)])?", 1),
        (
            "pool.imap_unordered(move |x: usize| x + n, 0..1).count()",
            21,
        ),
        ("Process::new(|| println!(\"{v:?}\"))", 14),
        (
            "{ let v = v.clone(); Process::new(move || println!(\"{v:?}\")) }",
            35,
        ),
        ("executor.submit(move |x: usize| x + n, (0,))", 17),
        ("executor.map(kept, 0..1).count()", 14),
        (
            "{ let v = v.clone(); Pool::builder().initializer(move || println!(\"{v:?}\"), ()) }",
            50,
        ),
    ] {
        let text = session.run(call).fails();
        for expected in [
            "this closure captures variables, and a worker has its own memory",
            "pass them as arguments",
            &format!(":1:{column}"),
        ] {
            assert!(text.contains(expected), "{call}: {text}");
        }
    }
}

#[test]
fn output_of_a_task_goes_to_the_cell_that_submitted_it() {
    let mut session = session();
    session
        .run(
            "use std::{thread::sleep, time::Duration};\n\
             fn late(n: u32) { sleep(Duration::from_millis(300)); print!(\"late {n}\\n\"); std::println!(\"std {n}\"); }",
        )
        .ok();
    let first = session.send("let r = pool.map_async(late, [1, 2]);");
    session.run("println!(\"next\");").prints("next\n");
    let cell = session.wait_for(&first, |cell| cell.stdout.lines().count() == 4);
    let mut lines: Vec<_> = cell.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["late 1", "late 2", "std 1", "std 2"]);
}

#[test]
fn a_headless_cell_waits_for_its_tasks_and_processes() {
    let mut session = session();
    session
        .run_headless(
            "use std::{thread::sleep, time::Duration};\n\
             fn late() { sleep(Duration::from_millis(300)); println!(\"late\"); }\n\
             let r = pool.apply_async(late, ());",
        )
        .prints("late\n");
    session
        .run_headless("Process::new(late).start()?;")
        .prints("late\n");
    // One that waits for a later cell holds nothing up.
    session
        .run_headless(
            "use woozle::multiprocessing::Event;\nlet go = Event::new()?;\n\
             let r = pool.apply_async(|go: Event| { go.wait(); println!(\"gone\") }, (go.clone(),));",
        )
        .prints("");
    session
        .run_headless("go.set(); r.get()?; println!(\"set\");")
        .ok();
}

#[test]
fn a_panic_in_a_task_names_the_cell_and_its_line() {
    let mut session = session();
    let cell = session.run("fn bad(n: u32) -> u32 {\n    100 / n\n}\npool.map(bad, [1, 0])?");
    cell.fails_with(&["attempt to divide by zero", "cell [2]:2:5", "in bad"]);
    assert_eq!(
        cell.stderr, "",
        "a task's panic is its result, and nothing else"
    );
    let cell = session.run("let p = Process::new(|| panic!(\"bother\"));\np.start()?;\np.join()?;");
    assert!(cell.is_ok());
    assert!(
        cell.stderr.contains("cell [3]:1:25") && cell.stderr.contains("bother"),
        "{}",
        cell.stderr
    );
}

#[test]
fn a_task_that_crashes_costs_itself_alone() {
    let mut session = session();
    session
        .run(
            "fn f(n: u32) -> u32 { if n == 1 { std::process::abort() }; n }\n\
             let results: Vec<_> = pool.imap(f, 0..4).collect();\n\
             for r in &results { println!(\"{}\", match r { Ok(n) => n.to_string(), Err(e) => e.to_string().split(' ').next_back().unwrap().to_string() }) }",
        )
        .prints("0\n(SIGABRT)\n2\n3\n");
    session
        .run("fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\npool.apply(deep, (0,))?")
        .fails_with(&["died", "SIGABRT"]);
    session.run("pool.map(f, [5, 6])?").gives("[5, 6]");
}

#[test]
fn nothing_is_left_when_the_kernel_is_killed_or_the_host() {
    let busy = "let r = pool.map_async(|n: u8| while n > 0 { std::hint::spin_loop() }, [1, 2]);\n\
                let p = Process::new(|| loop { std::thread::park() });\np.start()?;";
    for kill_kernel in [true, false] {
        let mut session = session();
        session.run(busy).ok();
        let below = descendants(session.kernel.id());
        let count = |name| below.iter().filter(|process| process.name == name).count();
        // The last one may not have its own name yet.
        let children = count("woozle-worker") + count("woozle-forksrv") - 1;
        assert_eq!(children, 3, "{below:?}");
        if kill_kernel {
            session.kernel.kill();
        } else {
            session
                .run("std::process::abort()")
                .fails_with(&["SIGABRT"]);
        }
        // After a crash the session goes on in a copy of the host, which may just have been made, and without its
        // own name yet, when these were listed.
        let ends = |process: &&Watched| kill_kernel || process.name == "woozle-worker";
        for process in below.iter().filter(ends) {
            process.ends();
        }
        if !kill_kernel {
            session.run(POOL).ok();
            session.run("pool.apply(|| 42, ())?").gives("42");
        }
    }
}

#[test]
fn a_pool_that_is_dropped_leaves_no_process() {
    let mut session = session();
    session.run("pool.apply(|| (), ())?;").ok();
    let workers: Vec<_> = descendants(session.kernel.id())
        .into_iter()
        .filter(|process| process.name == "woozle-worker")
        .collect();
    assert_eq!(workers.len(), 2);
    session.run("drop(pool);").ok();
    for worker in &workers {
        worker.ends();
    }
}

#[test]
fn a_new_process_has_the_sessions_environment() {
    let mut session = Session::start_with(|kernel| {
        kernel.env("PIGLET", "small").env("ROO", "in the pouch");
    });
    session
        .run(
            "use woozle::multiprocessing::{Pool, Process};\n\
             fn look() -> [Option<String>; 3] { [\"PIGLET\", \"ROO\", \"OWL\"].map(|name| std::env::var(name).ok()) }",
        )
        .ok();
    session
        .run("Pool::new(1)?.apply(look, ())?")
        .gives("[Some(\"small\"), Some(\"in the pouch\"), None]");
    session.run(":env OWL=wise").ok();
    session
        .run("unsafe { std::env::set_var(\"PIGLET\", \"brave\"); std::env::remove_var(\"ROO\") };")
        .ok();
    let now = "[Some(\"brave\"), None, Some(\"wise\")]";
    session.run("Pool::new(1)?.apply(look, ())?").gives(now);
    session
        .run("let p = Process::new(|| println!(\"{:?}\", look()));\np.start()?;\np.join()?;")
        .prints(&format!("{now}\n"));
}
