//! Every way to die, in every state that a session can be in. The table in `docs/faults.md` is
//! written from what was seen here; with `WOOZLE_BLESS=1` it is written anew.

mod states;
mod states_of_processes;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::support::{Session, descendants};
use states::{OF_ONE_PROCESS, State};
use states_of_processes::OF_PROCESSES;

/// A way to die: its name, the cell, what its answer says, and whether an interrupt is part of it.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) cell: &'static str,
    pub(crate) says: &'static [&'static str],
    pub(crate) interrupts: bool,
}

const fn way(name: &'static str, cell: &'static str, says: &'static [&'static str]) -> Way {
    Way {
        name,
        cell,
        says,
        interrupts: false,
    }
}

pub(crate) const WAYS: &[Way] = &[
    way(
        "invalid memory access",
        "unsafe { std::ptr::without_provenance_mut::<u8>(1).write_volatile(1) }",
        &["crash", "SIGSEGV", "at address 0x1", "cell ["],
    ),
    way(
        "bus error",
        "unsafe {\n    let memory = libc::memfd_create(c\"empty\".as_ptr(), 0);\n    \
         let page = libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ, libc::MAP_SHARED, memory, 0);\n    \
         page.cast::<u8>().read_volatile();\n}",
        &["crash", "SIGBUS", "cell ["],
    ),
    way(
        "illegal instruction",
        "#[cfg(target_arch = \"x86_64\")]\nunsafe { std::arch::asm!(\"ud2\") };\n#[cfg(not(target_arch = \"x86_64\"))]\nunsafe { std::arch::asm!(\"udf #0\") };",
        &["crash", "SIGILL", "cell ["],
    ),
    way(
        "arithmetic error",
        "unsafe { libc::raise(libc::SIGFPE) };",
        &["crash", "SIGFPE", "cell ["],
    ),
    way(
        "abort",
        "std::process::abort()",
        &["crash", "SIGABRT", "cell ["],
    ),
    way(
        "stack overflow",
        "fn deep(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + deep(n + 1) }\nstd::hint::black_box(deep(0));",
        &["crash", "stack overflow", "in deep at cell ["],
    ),
    way(
        "panic while panicking",
        "struct Bomb;\nimpl Drop for Bomb {\n    fn drop(&mut self) { panic!(\"again\") }\n}\nfn once() { let _b = Bomb; panic!(\"once\") }\nonce();",
        &["crash", "SIGABRT", "while another panic unwound"],
    ),
    way(
        "process::exit",
        "std::process::exit(3)",
        &["crash", "exit code 3", "cell ["],
    ),
    way(
        "out of memory",
        "std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u64; 1024]>())",
        &["crash", "out of memory", "cell ["],
    ),
    way(
        "killed",
        "unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };",
        &["crash", "SIGKILL"],
    ),
    way(
        "crash of another thread",
        "std::thread::Builder::new().name(\"other\".into()).spawn(|| -> () { std::process::abort() }).unwrap().join().unwrap()",
        &["crash", "SIGABRT", "on thread `other`"],
    ),
    Way {
        name: "interrupt of what does not unwind",
        cell: "std::thread::spawn(|| -> () { println!(\"running\"); loop { std::hint::spin_loop() } }).join().unwrap()",
        says: &["KeyboardInterrupt", "did not stop by itself"],
        interrupts: true,
    },
];

#[test]
fn whatever_happens_the_session_goes_on() {
    let left = Mutex::new(
        OF_ONE_PROCESS
            .iter()
            .chain(OF_PROCESSES)
            .enumerate()
            .collect::<Vec<_>>(),
    );
    let seen = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let Some((n, state)) = next else { return };
                    let row = dies_in_every_way(state);
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.insert(n, row);
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    compare(&seen.into_values().collect::<Vec<_>>());
}

/// One row of the table: what a state becomes by each way to die.
fn dies_in_every_way(state: &State) -> String {
    let mut session = Session::start();
    session.run(state.make).ok();
    session.run(":checkpoint state").ok();
    let mut row = format!("| {} |", state.name);
    for way in WAYS {
        println!("{}: {}", state.name, way.name);
        let request = session.send(way.cell);
        if way.interrupts {
            session.wait_for(&request, |cell| cell.stdout == "running\n");
            session.interrupt_twice();
        }
        let cell = session.finish(&request);
        cell.fails_with(way.says);
        cell.fails_with(&["as they were before the cell"]);
        let used = session.run(state.using).ok();
        assert_eq!(
            used.result.as_deref(),
            Some(state.gives),
            "{}: {}: {used:#?}",
            state.name,
            way.name
        );
        // What was used up is there again for the next crash.
        let again = if state.is_shared {
            state.make
        } else {
            ":rollback state"
        };
        session.run(again).ok();
        row.push_str(" kept |");
    }
    let processes = descendants(session.kernel.id());
    session.shut_down();
    for process in processes {
        process.ends();
    }
    row
}

/// Compares the table that was seen with the one in the documentation.
fn compare(rows: &[String]) {
    let mut table = String::from(
        "# What a session survives\n\n\
         Each row is a state of a session, each column a way for a cell to die. In every field a test\n\
         (`tests/tests/session/faults/`, which writes this page) has seen this: the cell is answered with an error that\n\
         says how it died, and where, as far as that can be known; the state is as it was before the cell, and it\n\
         can be used, threads included; and when the session ends, no process is left.\n\n| |",
    );
    for way in WAYS {
        let _ = write!(table, " {} |", way.name);
    }
    let _ = write!(table, "\n|---|{}\n", "---|".repeat(WAYS.len()));
    table.push_str(&rows.join("\n"));
    table.push_str(
        "\n\nWhat lies outside the process is not taken back: files, sockets, what is in queues and pipes, the contents\n\
         of shared arrays and of named shared memory, what was printed. (Locks, events, counts and values that processes\n\
         share are. A pipe or a socket that the cell had closed is at its end.) Child processes\n\
         (workers of pools, `Process`, a manager's server) end with it. A pool starts other workers and\n\
         goes on; who waits for a child hears that it has ended. A read of standard input that was under way\n\
         ends, and the next cell may ask again.\n\n\
         A thread that crashes between two cells is told of at once, in the cell that started it. It has ended, and all else\n\
         is as it was after the last cell; to join it is an error. (`join` of std panics, since std has no `Err` for the end of a\n\
         thread by anything but a panic.) A thread of a pool that works for whoever runs, as those of rayon and tokio, comes\n\
         back, and is stopped if it crashes again. Named checkpoints stay, whatever the session goes back to.\n",
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    if std::env::var_os("WOOZLE_BLESS").is_some() {
        let folder = path.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("docs can be made");
        std::fs::write(&path, &table).expect("docs/faults.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, table, "run this test with WOOZLE_BLESS=1");
}

#[test]
fn a_prompt_that_is_open_does_not_outlive_its_cell() {
    let mut session = Session::start();
    session.run("let kept = vec![1];").ok();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("go");
    let waits = format!(
        "while !std::path::Path::new({file:?}).exists() {{ std::thread::sleep(std::time::Duration::from_millis(1)); }}"
    );
    for way in WAYS.iter().filter(|way| !way.interrupts) {
        println!("{}", way.name);
        let request = session.send(&format!(
            "std::thread::spawn(|| woozle::input(\"Name? \"));\n{waits}\n{}",
            way.cell
        ));
        session.wait_for(&request, |cell| cell.prompts == ["Name? "]);
        std::fs::write(&file, "").expect("written");
        session.finish(&request).fails_with(way.says);
        std::fs::remove_file(&file).expect("removed");
        let next = session.send("woozle::input(\"And now? \")?");
        session.type_line(&next, "Pooh");
        session.finish(&next).gives("\"Pooh\"");
    }
    let request = session.send("woozle::input(\"Name? \")?");
    session.wait_for(&request, |cell| cell.prompts == ["Name? "]);
    session.interrupt();
    session.finish(&request).fails();
    session.run("&kept").gives("[1]");
}
