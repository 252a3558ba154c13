//! A page that is loaded anew asks for all widgets at once, on a comm of its own.

use miniserde::json::{self, Object, Value};

use super::field::{Field as _, list, object, text};
use super::model;
use crate::comm::{self, Comm, Message, WidgetProtocol};

/// Lets comms know of widgets.
pub(crate) fn join_comms() {
    comm::set_widget_protocol(WidgetProtocol {
        takes,
        forget: model::forget,
    });
}

/// Takes a comm that a page has opened, if it is this one.
fn takes(comm: &Comm) -> bool {
    if comm.target_name() != "jupyter.widget.control" {
        return false;
    }
    let to = comm.clone();
    comm.take_directly(Box::new(move |message: &Message| {
        let data = json::from_str::<Object>(&message.data.0).unwrap_or_default();
        let method = data.get("method").and_then(String::of_value);
        if method.as_deref() == Some("request_states") {
            let answer = object([
                ("method", text("update_states")),
                ("states", Value::Object(model::states())),
                ("buffer_paths", list([])),
            ]);
            let _ = to.send(json::to_string(&answer));
        }
    }));
    true
}
