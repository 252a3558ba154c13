//! What is written for the kernel: JSON. It is written by hand, since a crate that could would be the largest of all here.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::{fs, io};

use super::calls::Calls;
use super::log::{self, Action, Event, Place};
use super::search::Found;

/// Writes what was found.
pub fn write(found: &Found, path: &Path) -> io::Result<()> {
    fs::write(path, text(found).expect("a string takes all"))
}

fn text(found: &Found) -> Result<String, fmt::Error> {
    let mut out = String::from("{");
    write!(out, "\"failure\":{}", optional(found.failure.as_deref()))?;
    write!(out, ",\"strategy\":{}", quoted(found.strategy))?;
    let all = found.all.map_or("null".into(), |all| all.to_string());
    write!(out, ",\"all\":{all},\"runs\":{}", found.runs)?;
    write!(out, ",\"steps\":{}", found.steps)?;
    write!(out, ",\"seconds\":{}", found.time.as_secs_f64())?;
    write!(out, ",\"choices\":{:?}", found.choices)?;
    write!(out, ",\"repeatable\":{}", found.is_repeatable)?;
    let values = found.values.iter();
    let values = values.map(|(value, times)| format!("[{},{times}]", quoted(value)));
    write!(out, ",\"values\":{}", list(values))?;
    let run = &found.run;
    let objects = run
        .objects
        .iter()
        .zip(&run.uses)
        .map(|((kind, at, address), calls)| {
            format!(
                "{{\"kind\":{},\"place\":{},\"called\":{},\"inner\":{},\"address\":{address}}}",
                quoted(kind),
                place(at),
                called(calls.as_ref()),
                log::is_of_runtime(at)
            )
        });
    write!(out, ",\"objects\":{}", list(objects))?;
    let names = run.names.iter();
    let names = names.map(|(thread, name)| format!("[{thread},{}]", quoted(name)));
    write!(out, ",\"names\":{}", list(names))?;
    write!(out, ",\"events\":{}}}", list(run.events.iter().map(event)))?;
    Ok(out)
}

fn list(parts: impl Iterator<Item = String>) -> String {
    format!("[{}]", parts.collect::<Vec<_>>().join(","))
}

fn optional(text: Option<&str>) -> String {
    text.map_or("null".into(), quoted)
}

fn place(place: Place) -> String {
    let (file, line, column) = (quoted(place.file()), place.line(), place.column());
    format!("{{\"file\":{file},\"line\":{line},\"column\":{column}}}")
}

/// The calls of the cell's that have led somewhere.
fn called(calls: Option<&Calls>) -> String {
    calls.map_or("null".into(), |calls| format!("{calls:?}"))
}

fn event(event: &Event) -> String {
    let at = || event.place.map_or("null".into(), place);
    let called = called(event.calls.as_ref());
    let inner = event.place.is_some_and(log::is_of_runtime);
    let thread = event.thread;
    format!(
        "{{\"thread\":{thread},\"place\":{},\"called\":{},\"inner\":{inner},\"action\":{}}}",
        at(),
        called,
        action(&event.action)
    )
}

/// An action as an object with one key.
fn action(action: &Action) -> String {
    let named = |name: &str, method: &str, object: u32, more: &str| {
        let method = quoted(method);
        format!("{{\"{name}\":{{\"method\":{method},\"object\":{object}{more}}}}}")
    };
    match action {
        Action::Want(method, object) => named("want", method, *object, ""),
        Action::Got(method, object) => named("got", method, *object, ""),
        Action::Refused(method, object) => named("refused", method, *object, ""),
        Action::Release(method, object) => named("release", method, *object, ""),
        Action::Access { object, writes } => {
            format!("{{\"access\":{{\"object\":{object},\"writes\":{writes}}}}}")
        }
        Action::Load {
            object,
            order,
            value,
            newest,
        } => {
            let newest = newest.map_or("null".into(), |(value, at)| {
                format!("{{\"value\":{value},\"place\":{}}}", place(at))
            });
            let more = format!(",\"order\":\"{order:?}\",\"value\":{value},\"newest\":{newest}");
            named("load", "load", *object, &more)
        }
        Action::Store {
            method,
            object,
            order,
            old,
            value,
        } => {
            let old = old.map_or("null".into(), |old| old.to_string());
            let more = format!(",\"order\":\"{order:?}\",\"old\":{old},\"value\":{value}");
            named("store", method, *object, &more)
        }
        Action::Unchanged {
            method,
            object,
            value,
        } => named("unchanged", method, *object, &format!(",\"value\":{value}")),
        Action::Fence(order) => format!("{{\"fence\":\"{order:?}\"}}"),
        Action::Notify {
            method,
            object,
            waiting,
        } => named(
            "notify",
            method,
            *object,
            &format!(",\"waiting\":{waiting}"),
        ),
        Action::TimedOut(object) => format!("{{\"timed_out\":{object}}}"),
        Action::Spawn(thread) => format!("{{\"spawn\":{thread}}}"),
        Action::Unpark(thread) => format!("{{\"unpark\":{thread}}}"),
        Action::Exit => "\"exit\"".into(),
        Action::Yield => "\"yield\"".into(),
        Action::Sleep(time) => format!("{{\"sleep\":{}}}", quoted(&format!("{time:?}"))),
        Action::Print(text) => format!("{{\"print\":{}}}", quoted(text)),
        Action::Panic(text) => format!("{{\"panic\":{}}}", quoted(text)),
        Action::Fail(text) => format!("{{\"fail\":{}}}", quoted(text)),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) < 32 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c)); // a string takes all
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
