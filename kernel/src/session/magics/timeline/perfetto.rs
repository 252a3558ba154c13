//! A timeline in the format of Chrome's trace events, which Perfetto opens.

use serde_json::{Value, json};

use super::picture::{Lane, Picture, Place, State};

/// The file's text.
pub(crate) fn json(picture: &Picture) -> String {
    let mut events = Vec::new();
    for lane in &picture.lanes {
        let name = json!({ "name": lane.label });
        let (pid, tid) = (lane.process, lane.id);
        events.push(
            json!({ "ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": name }),
        );
        events.extend(of_lane(picture, lane));
    }
    for (id, wake) in picture.wakes.iter().enumerate() {
        let ((from, at), (to, went_on)) = (wake.from, wake.to);
        let end = |phase: &str, lane: usize, at: u64| {
            let Lane {
                process, id: tid, ..
            } = &picture.lanes[lane];
            json!({
                "ph": phase, "id": id, "name": "wakes", "cat": "wake", "pid": process, "tid": tid, "ts": micros(at), "bp": "e",
            })
        };
        events.extend([end("s", from, at), end("f", to, went_on)]);
    }
    let file = json!({ "traceEvents": events, "displayTimeUnit": "ms" });
    format!("{file}\n")
}

fn of_lane(picture: &Picture, lane: &Lane) -> Vec<Value> {
    let slice = |name: &str, category: &str, from: u64, to: u64, about: Value| {
        json!({
            "ph": "X", "name": name, "cat": category, "pid": lane.process, "tid": lane.id, "ts": micros(from),
            "dur": micros(to - from), "args": about,
        })
    };
    let tasks = lane
        .tasks
        .iter()
        .map(|task| slice("task", "task", task.start, task.end, json!({})));
    let segments = lane.segments.iter().map(|segment| {
        let label = |lane: &usize| picture.lanes[*lane].label.as_str();
        let about = match segment.state {
            State::Runs => json!({ "processor": segment.processor }),
            _ => json!({
                "object": segment.object,
                "place": shown(segment.place.as_ref()),
                "held_by": segment.held_by.iter().map(label).collect::<Vec<_>>(),
                "woken_by": segment.woken_by.as_ref().map(|(lane, _)| label(lane)),
                "woken_at": shown(segment.woken_by.as_ref().and_then(|(_, place)| place.as_ref())),
            }),
        };
        let (from, to) = (segment.time.start, segment.time.end);
        slice(&segment.what, segment.state.class(), from, to, about)
    });
    let holds = lane.holds.iter().map(|hold| {
        let name = &picture.locks[hold.lock];
        // Holds and waits may overlap, which slices of one thread must not.
        json!({
            "ph": "b", "id": format!("{}-{}-{}", lane.id, hold.lock, hold.time.start), "name": format!("holds {name}"), "cat": "hold",
            "pid": lane.process, "tid": lane.id, "ts": micros(hold.time.start), "args": { "lock": name, "dur": micros(hold.time.end - hold.time.start) },
        })
    });
    let hold_ends = lane.holds.iter().map(|hold| {
        let name = &picture.locks[hold.lock];
        json!({
            "ph": "e", "id": format!("{}-{}-{}", lane.id, hold.lock, hold.time.start), "name": format!("holds {name}"), "cat": "hold",
            "pid": lane.process, "tid": lane.id, "ts": micros(hold.time.end),
        })
    });
    let prints = lane.prints.iter().map(|print| {
        json!({
            "ph": "i", "s": "t", "name": "prints", "cat": "print", "pid": lane.process, "tid": lane.id, "ts": micros(print.at),
            "args": { "text": print.text, "place": shown(print.place.as_ref()) },
        })
    });
    let all = tasks.chain(segments).chain(holds).chain(hold_ends);
    all.chain(prints).collect()
}

/// A place, with its line.
fn shown(place: Option<&Place>) -> Option<String> {
    place.map(|place| format!("{}: {}", place.shown, place.line))
}

/// The format's unit.
fn micros(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}
