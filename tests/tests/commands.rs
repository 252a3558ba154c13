//! Lines that begin with a colon.

use crate::support::Session;

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
    session.run(":type pots").prints("Vec<u8>\n");
    session
        .run(":type nobody")
        .fails_with(&["there is no variable `nobody`"]);
    let cell = session.run(":help").ok();
    assert!(cell.stdout.contains(":dep ") && cell.stdout.contains(":vars "));
    let cell = session.run(":explain E0382").ok();
    assert!(cell.stdout.contains("moved"), "{}", cell.stdout);
    session
        .run(":explain E9999")
        .fails_with(&["no explanation of E9999"]);
    session.run(":hepl").fails_with(&["did you mean `:help`?"]);
}
