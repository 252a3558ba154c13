//! history_request: kept from one kernel to the next.

use serde_json::{Value, json};
use woozle_kernel::wire::content::{
    ExecuteRequest, HistoryAccess, HistoryRequest, Range, Search, Tail,
};

use crate::support::Session;

fn history(session: &mut Session, access: HistoryAccess) -> Value {
    let request = HistoryRequest {
        output: false,
        raw: true,
        access,
    };
    let reply = session.ask(request);
    serde_json::to_value(reply).expect("JSON")["history"].clone()
}

fn range(session: i64) -> HistoryAccess {
    HistoryAccess::Range(Range {
        session,
        start: None,
        stop: None,
    })
}

#[test]
fn the_next_kernel_knows_what_was_run() {
    let data = tempfile::tempdir().expect("a folder");
    let kernel = || {
        Session::start_with(|command| {
            command.env("WOOZLE_DATA", data.path());
        })
    };
    let mut first = kernel();
    first.run("let a = 1;").ok();
    first.run("wrong").fails();
    let quiet = first.send_request(ExecuteRequest {
        store_history: false,
        ..ExecuteRequest::new("a + 1")
    });
    first.finish(&quiet).ok();
    assert_eq!(
        history(&mut first, range(0)),
        json!([[1, 1, "let a = 1;"], [1, 2, "wrong"]])
    );
    assert!(first.shut_down().success());

    let mut second = kernel();
    assert_eq!(history(&mut second, range(0)), json!([]));
    second.run("let b = 2;").ok();
    let tail = HistoryAccess::Tail(Tail { n: Some(2) });
    assert_eq!(
        history(&mut second, tail),
        json!([[1, 2, "wrong"], [2, 1, "let b = 2;"]])
    );
    assert_eq!(
        history(&mut second, range(-1)),
        json!([[1, 1, "let a = 1;"], [1, 2, "wrong"]])
    );
    let search = HistoryAccess::Search(Search {
        n: None,
        pattern: Some("let*".to_owned()),
        unique: false,
    });
    assert_eq!(
        history(&mut second, search),
        json!([[1, 1, "let a = 1;"], [2, 1, "let b = 2;"]])
    );
}
