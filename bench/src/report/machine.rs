//! What the figures were measured on.

use std::fs;
use std::process::Command;

use crate::client::peers::said;
use crate::context::Context;
use crate::report::document::Table;

pub(crate) fn table(context: &Context) -> anyhow::Result<Table> {
    let mut table = Table::new(["", ""]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("date", format!("{:.0}", jiff::Timestamp::now()));
    let cores = std::thread::available_parallelism()?;
    row("processor", format!("{}, {cores} cores", processor()));
    row("memory", memory());
    row("system", said(Command::new("uname").args(["-sr"]))?);
    row("load before the run", load());
    row("rustc", said(Command::new("rustc").arg("--version"))?);
    row("Woozle", context.woozle.version.clone());
    for (name, peer) in [
        ("evcxr_jupyter", &context.evcxr),
        ("ipykernel", &context.ipykernel),
    ] {
        let version = peer.as_ref().map(|peer| peer.version.clone());
        row(name, version.unwrap_or_else(|missing| missing.to_string()));
    }
    if let Ok(peer) = &context.evcxr {
        row("evcxr_jupyter's settings", peer.settings.join(", "));
    }
    let python = said(Command::new(&context.python).arg("--version"));
    row("CPython", python.unwrap_or_else(|error| error.to_string()));
    Ok(table)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn processor() -> String {
    field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn memory() -> String {
    field("/proc/meminfo", "MemTotal").unwrap_or_default()
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}
