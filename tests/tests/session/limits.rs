//! What the system allows a kernel and its session (`ulimit`): what is used up, and what is too little from the start.

use std::process::Command;

use rustix::process::{Resource, Rlimit, setrlimit};
use tempfile::TempDir;

use crate::support::{Kernel, Session};

/// Starts the program with a limit: the soft one, and the hard one.
fn limit(program: &mut Command, resource: Resource, current: u64, maximum: u64) {
    let limit = move || {
        let (current, maximum) = (Some(current), Some(maximum));
        Ok(setrlimit(resource, Rlimit { current, maximum })?)
    };
    // SAFETY: it is one system call.
    unsafe { std::os::unix::process::CommandExt::pre_exec(program, limit) };
}

fn session(resource: Resource, current: u64, maximum: u64) -> Session {
    Session::start_with(|kernel| limit(kernel, resource, current, maximum))
}

#[test]
fn a_cell_that_keeps_all_files_open_is_followed_by_others() {
    let mut session = session(Resource::Nofile, 256, 256);
    session
        .run(
            "let mut files = Vec::new();\n\
             while let Ok(file) = std::fs::File::open(\"/dev/null\") { files.push(file); }\n\
             std::fs::File::open(\"/dev/null\").is_err()",
        )
        .gives("true");
    session
        .run("let count = files.len();\ncount > 100")
        .gives("true");
    let crash = "fn fall() { std::process::abort() }\nfall()";
    session
        .run(crash)
        .fails_with(&["SIGABRT", "fall", "cell [3]"]);
    session.run("files.len() == count").gives("true");
    session.run("drop(files);").ok();
    session.run(":undo").ok();
    session.run("files.len() == count").gives("true");
    session.run("drop(files);").ok();
    session
        .run("std::fs::File::open(\"/dev/null\").is_ok()")
        .gives("true");
}

#[test]
fn programs_of_the_user_may_open_what_the_kernel_was_allowed_to() {
    let mut session = session(Resource::Nofile, 128, 4096);
    let cell = "let child = std::process::Command::new(\"sh\").args([\"-c\", \"ulimit -n\"]).output()?;\n\
                print!(\"{}\", String::from_utf8_lossy(&child.stdout));";
    session.run(cell).prints("128\n");
}

#[test]
fn a_low_limit_of_files_will_do_or_is_raised_where_that_is_allowed() {
    for (current, maximum) in [(32, 4096), (96, 96)] {
        let mut session = session(Resource::Nofile, current, maximum);
        let cell = "let open = |_| std::fs::File::open(\"/dev/null\").ok();\n\
                    let files: Vec<_> = (0..16).map_while(open).collect();";
        session.run(cell).ok();
        session.run("files.len()").gives("16");
        session
            .run("std::process::abort()")
            .fails_with(&["SIGABRT"]);
        session.run("files.len()").gives("16");
    }
}

#[test]
fn a_cell_may_lower_the_limit_of_files_below_what_is_open() {
    let mut session = Session::start();
    let cell = "let kept = 1;\nlet mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };\n\
                unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit); }\nlimit.rlim_cur = 64;\n\
                unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }";
    session.run(cell).gives("0");
    for _ in 0..2 {
        session
            .run("std::process::abort()")
            .fails_with(&["SIGABRT"]);
        session.run("kept").gives("1");
    }
}

#[test]
fn a_limit_of_files_that_is_too_low_is_told_in_each_cell() {
    let mut session = session(Resource::Nofile, 64, 64);
    for _ in 0..2 {
        let cell = session.run("1 + 1");
        cell.fails_with(&["only 64 files", "ulimit -n", "raise the limit"]);
    }
}

#[test]
fn a_limit_of_files_that_is_too_low_for_any_kernel() {
    let mut kernel = Kernel::start(|kernel| limit(kernel, Resource::Nofile, 20, 20));
    assert_eq!(kernel.wait().code(), Some(3));
    let said = kernel.said();
    let [error, help] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("not two lines: {said}");
    };
    assert!(error.contains("only 20 files"), "{said}");
    assert!(help.contains("ulimit -n"), "{said}");
}

#[test]
fn a_file_beyond_the_limit_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    let mut session = Session::start_with(|kernel| {
        kernel.current_dir(&folder);
        limit(kernel, Resource::Fsize, 2 << 20, 2 << 20);
    });
    let cell = "let kept = 1;\nstd::fs::write(\"big\", vec![0; 3 << 20]).unwrap_err().to_string()";
    session.run(cell).gives("\"File too large (os error 27)\"");
    // As for any program, unless it says otherwise.
    let cell = "use std::os::unix::process::ExitStatusExt;\n\
                let status = std::process::Command::new(\"head\").args([\"-c\", \"3000000\", \"/dev/zero\"])\n\
                .stdout(std::fs::File::create(\"big\")?).status()?;\nstatus.signal()";
    session.run(cell).gives("Some(25)");
    // For the kernel, which writes the text, and for rustc, which writes the library.
    let text = format!("// {}\nkept", "long ".repeat(1 << 19));
    let data = "static DATA: [u8; 3 << 20] = [1; 3 << 20];\nkept + i32::from(DATA[7])";
    for cell in [&*text, data] {
        session
            .run(cell)
            .fails_with(&["`ulimit -f`", "Nothing is lost", "larger limit"]);
    }
    session.run("kept").gives("1");
}

/// What the kernel has in memory, in megabytes.
fn resident(session: &Session) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", session.kernel.id()));
    let status = status.expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kilobytes.expect("a size").parse::<u64>().expect("a number") >> 10
}

#[test]
fn what_a_large_cell_took_is_given_back() {
    let mut session = Session::start();
    session
        .run("macro_rules! nothing { ($($t:tt)*) => {} }")
        .ok();
    let before = resident(&session);
    let text = "a b c d ".repeat(1 << 17);
    let large = format!("nothing! {{ {text} }}\n7");
    session.run(&large).gives("7");
    // The text itself stays, for errors that may yet come from it, and so do the sockets' buffers.
    let more = resident(&session).saturating_sub(before);
    assert!(more < 16, "{more} MB");
}
