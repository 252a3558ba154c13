//! From the start of the process to its first answers, and the memory that it has then.

use crate::client::kernel::Kernel;
use crate::client::peers::Peer;
use crate::context::Context;
use crate::measure::rounds;
use crate::memory::{self, megabytes};
use crate::report::document::{Section, Table, figure, time};
use crate::report::stats::median;

#[derive(Debug, Default)]
struct Times {
    greeted: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    memory: Vec<memory::Process>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    // So that the runtime is built, which happens once.
    Kernel::start(&context.woozle)?.run_well("1")?;
    let (kernels, missing) = context.kernels();
    let mut times: Vec<Times> = kernels.iter().map(|_| Times::default()).collect();
    for round in 0..rounds(5) {
        eprintln!("startup: round {}", round + 1);
        for (peer, times) in kernels.iter().zip(&mut times) {
            one_start(peer, times)?;
        }
    }
    let mut section = Section::new("Start and memory");
    section.text(
        "Medians, from the start of the kernel's process: to its `kernel_info_reply`, to the result of a first \
         cell `1 + 1`; and a second one after that.",
    );
    missing.into_iter().for_each(|line| section.text(line));
    let mut table = Table::new(["", "kernel_info", "first result", "a second cell"]);
    let mut sizes = Table::new(["", "process", "resident", "its part of it"]);
    for (peer, times) in kernels.iter().zip(&times) {
        table.row([
            peer.name.to_owned(),
            time(median(&times.greeted)),
            time(median(&times.first)),
            time(median(&times.second)),
        ]);
        for process in &times.memory {
            sizes.row([
                peer.name.to_owned(),
                process.name.clone(),
                megabytes(process.resident),
                megabytes(process.own),
            ]);
        }
        let all = times.memory.iter().map(|process| process.own).sum();
        sizes.row([
            peer.name.to_owned(),
            "all together".to_owned(),
            String::new(),
            megabytes(all),
        ]);
    }
    let beside = |name: &str, of: fn(&Times) -> &Vec<f64>| {
        let at = kernels.iter().position(|peer| peer.name == name)?;
        Some(median(of(&times[0])) / median(of(&times[at])))
    };
    if let Some(ratio) = beside("evcxr_jupyter", |t| &t.greeted) {
        section.budget("start to kernel_info", 0.1, "evcxr_jupyter", ratio);
        let first = beside("evcxr_jupyter", |t| &t.first).unwrap_or_default();
        section.text(format!(
            "Beside evcxr_jupyter: {} to `kernel_info`, {} to the first result.",
            figure(ratio),
            figure(first)
        ));
    }
    section.table(table);
    section.text(
        "Memory after these cells. What processes share counts in full in each one's resident size; \
         `woozle-asleep` is a checkpoint, which shares nearly all with the host.",
    );
    section.table(sizes);
    Ok(section)
}

fn one_start(peer: &Peer, times: &mut Times) -> anyhow::Result<()> {
    let begin = std::time::Instant::now();
    let mut kernel = Kernel::greet(peer)?;
    times.greeted.push(kernel.greeted.as_secs_f64());
    kernel.run_well("1 + 1")?;
    times.first.push(begin.elapsed().as_secs_f64());
    times
        .second
        .push(kernel.run_well("1 + 2")?.time.as_secs_f64());
    times.memory = memory::tree(kernel.id());
    Ok(())
}
