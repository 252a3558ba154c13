//! Copies that are made while a thread has the loader's lock, which knows its owner.

use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Session, descendants};

/// A session with a copy `held`, in which a thread is in the middle of `dlopen`, until there is a file. The cell that starts
/// it is the first with statements, and ends while the thread has the lock.
fn held(folder: &Path) -> Session {
    let mut session = Session::start();
    let go = folder.join("go");
    let (library, loading) = (folder.join("again.so"), folder.join("loading"));
    session
        .run(&format!(
            "extern \"C\" fn on_load() {{\n    if std::env::var_os(\"AGAIN\").is_none() {{ return; }}\n    \
             println!(\"has it\");\n    \
             std::fs::write({loading:?}, \"\").unwrap();\n    \
             while !std::path::Path::new({go:?}).exists() {{ std::thread::sleep(std::time::Duration::from_millis(1)); }}\n}}\n\
             #[used]\n#[unsafe(link_section = \".init_array\")]\nstatic ON_LOAD: extern \"C\" fn() = on_load;"
        ))
        .ok();
    let request = session.send(&format!(
            "let mut about: libc::Dl_info = unsafe {{ std::mem::zeroed() }};\n\
             assert_ne!(unsafe {{ libc::dladdr(on_load as *const _, &mut about) }}, 0);\n\
             let own = unsafe {{ std::ffi::CStr::from_ptr(about.dli_fname) }}.to_str()?.to_owned();\n\
             std::fs::copy(own, {library:?})?;\n\
             unsafe {{ std::env::set_var(\"AGAIN\", \"1\") }};\n\
             let again = std::ffi::CString::new({library:?})?;\n\
             let loads = std::thread::spawn(move || unsafe {{ !libc::dlopen(again.as_ptr(), libc::RTLD_NOW).is_null() }});\n\
             while !std::path::Path::new({loading:?}).exists() {{ std::thread::yield_now(); }}\n\
             println!(\"it has it\");"
        ));
    session.finish(&request).ok();
    session.wait_for(&request, |cell| cell.stdout.lines().count() == 2);
    session.run(":checkpoint held").ok();
    session
}

#[test]
fn a_thread_that_has_it_lets_go_of_it_in_a_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = held(folder.path());
    std::fs::write(folder.path().join("go"), "").expect("written");
    for _ in 0..2 {
        // Each cell is loaded by `dlopen`.
        session.run("loads.join().unwrap()").gives("true");
        session.run(":rollback held").ok();
    }
    session
        .run("std::process::abort()")
        .fails_with(&["SIGABRT"]);
    session.run("loads.join().unwrap()").gives("true");
}

#[test]
fn a_copy_in_which_a_thread_has_it_ends_with_the_kernel() {
    let folder = tempfile::tempdir().expect("a folder");
    let session = held(folder.path());
    let processes = descendants(session.kernel.id());
    let asleep = processes
        .iter()
        .filter(|process| process.name.starts_with("woozle-asleep"));
    assert!(asleep.count() > 0, "{processes:?}");
    let kernel = session.kernel.id().try_into().ok().and_then(Pid::from_raw);
    kill_process(kernel.expect("a process id"), Signal::KILL).expect("killed");
    for process in processes {
        process.ends();
    }
}
