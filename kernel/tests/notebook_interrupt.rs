//! Ctrl-C during a run. It is a test program of its own, because a signal is for a whole process.

mod toy;

use std::io::{self, Write};

use rustix::process::{Signal, getpid, kill_process};
use toy::{notebook, run_toy};
use woozle_kernel::notebook::{End, Options, Screen};

/// A stdout that answers the first line `ready` by Ctrl-C.
struct Impatient;

impl Write for Impatient {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if text == b"ready\n" {
            kill_process(getpid(), Signal::INT)?;
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn ctrl_c_interrupts_the_cell_and_ends_the_run() {
    let cells: &[(&str, &[&str])] = &[("print ready\nwait-for-interrupt", &[]), ("print x", &[])];
    let mut screen = Screen::plain(2, Box::new(Impatient), Box::new(io::sink()));
    let (end, run) = run_toy(notebook(cells), &Options::default(), &mut screen).await;
    assert!(matches!(end, Ok(End::Interrupted)), "{end:?}");
    assert_eq!(run["cells"][0]["outputs"][1]["ename"], "KeyboardInterrupt");
    assert_eq!(run["cells"][1]["execution_count"], serde_json::Value::Null);
}
