//! The crates that come with the runtime must not change what a cell's text means.

use crate::support::Session;

#[test]
fn the_runtimes_crates_leave_inference_alone() {
    let mut session = Session::start();
    for expression in [
        "1.5 == \"1.5\".parse().unwrap()",
        "7_i64 == \"7\".parse().unwrap()",
        "true == \"true\".parse().unwrap()",
        "String::from(\"a\") == \"a\".chars().collect::<String>()",
        "\"abc\".as_bytes()[0] == b'a'.into()",
    ] {
        session.run(expression).gives("true");
    }
}
