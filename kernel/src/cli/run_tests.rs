//! Tests of how the end of a run becomes an exit code, and of its arguments.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use super::*;
use crate::wire::content::ReplyError;

#[test]
fn each_end_has_its_exit_code_and_names_the_cell() {
    assert!(outcome(End::Completed).is_ok());
    let table = [
        (
            End::Failed {
                cell: 3,
                error: ReplyError::new("E0425", "no `x`"),
            },
            Exit::CellFailed,
            "cell [3] failed: E0425: no `x`",
        ),
        (
            End::Failed {
                cell: 3,
                error: ReplyError::new("Panic", ""),
            },
            Exit::CellFailed,
            "cell [3] failed: Panic\n",
        ),
        (
            End::TimedOut { cell: 2 },
            Exit::Timeout,
            "cell [2]: it took longer",
        ),
        (End::Interrupted, Exit::Interrupted, "interrupted"),
        (
            End::Died {
                cell: 4,
                status: ExitStatus::from_raw(9),
            },
            Exit::Kernel,
            "cell [4]: the kernel died (signal: 9",
        ),
    ];
    for (end, exit, part) in table {
        let error = outcome(end).expect_err(part);
        assert_eq!(error.exit(), exit, "{part}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_timeout_is_a_positive_number_of_seconds() {
    assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
    for bad in ["", "0", "-1", "nan", "inf", "1e300", "soon"] {
        assert!(seconds(bad).is_err(), "{bad:?}");
    }
}
