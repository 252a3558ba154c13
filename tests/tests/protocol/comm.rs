//! Comms between a front end and the cell host.

use serde_json::Map;
use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{CommClose, CommInfoRequest, CommOpen, Reply};

use crate::support::Session;

#[test]
fn what_nobody_takes_is_closed_also_while_a_cell_runs() {
    let mut session = Session::start();
    let running = session.send("println!(\"runs\"); loop { std::thread::park(); }");
    session.wait_for(&running, |cell| cell.stdout.contains("runs"));
    session.tell(CommOpen {
        comm_id: "c".to_owned(),
        target_name: "nobody".to_owned(),
        data: Map::new(),
    });
    let close = CommClose {
        comm_id: "c".to_owned(),
        data: Map::new(),
    };
    session.hear(&close.into());
    let Content::CommInfoReply(Reply::Ok(open)) = session.ask(CommInfoRequest::default()) else {
        panic!("not a comm_info_reply");
    };
    assert!(open.comms.is_empty());
    session.interrupt();
    session.finish(&running).fails();
}
