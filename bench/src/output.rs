//! What a cell prints, until the client has all of it.

use std::collections::HashSet;

use crate::client::kernel::Kernel;
use crate::client::peers::Peer;
use crate::context::Context;
use crate::measure::{is_quick, rounds};
use crate::report::document::{Section, Table, figure, time};
use crate::report::stats::median;

struct Case {
    name: &'static str,
    lines: usize,
    /// Bytes of each line, with its end.
    width: usize,
    threads: usize,
}

const CASES: [Case; 4] = [
    Case {
        name: "100,000 lines",
        lines: 100_000,
        width: 20,
        threads: 1,
    },
    Case {
        name: "100,000 lines, 16 threads",
        lines: 100_000,
        width: 20,
        threads: 16,
    },
    Case {
        name: "50 MB",
        lines: 50_000,
        width: 1000,
        threads: 1,
    },
    Case {
        name: "50 MB, 16 threads",
        lines: 50_000,
        width: 1000,
        threads: 16,
    },
];

impl Case {
    fn each(&self) -> usize {
        let lines = if is_quick() {
            self.lines / 100
        } else {
            self.lines
        };
        lines / self.threads
    }

    fn bytes(&self) -> usize {
        self.each() * self.threads * self.width
    }

    /// A line without its end: its thread, its number, and what fills it up.
    fn line(&self, thread: usize, number: usize) -> String {
        let begin = format!("{thread:02} {number:06} ");
        let fill = self.width - begin.len() - 1;
        begin + &"x".repeat(fill)
    }

    /// The definition that prepares, and the cell that is measured.
    fn code(&self, is_rust: bool) -> (String, &'static str) {
        let (threads, each) = (self.threads, self.each());
        let fill = self.width - 11;
        let definition = match (is_rust, threads) {
            (true, 1) => format!(
                "pub fn print_all() {{\n    let fill = \"x\".repeat({fill});\n    for i in 0..{each} {{ println!(\"00 {{i:06}} {{fill}}\"); }}\n}}"
            ),
            (true, _) => format!(
                "pub fn print_all() {{\n    let threads: Vec<_> = (0..{threads}).map(|t| std::thread::spawn(move || {{\n        let fill = \"x\".repeat({fill});\n        for i in 0..{each} {{ println!(\"{{t:02}} {{i:06}} {{fill}}\"); }}\n    }})).collect();\n    for t in threads {{ t.join().unwrap(); }}\n}}"
            ),
            (false, _) => format!(
                "from threading import Thread\ndef lines(t):\n    fill = 'x' * {fill}\n    for i in range({each}):\n        print(f'{{t:02}} {{i:06}} {{fill}}')\ndef print_all():\n    if {threads} == 1:\n        return lines(0)\n    threads = [Thread(target=lines, args=(t,)) for t in range({threads})]\n    for t in threads: t.start()\n    for t in threads: t.join()\n"
            ),
        };
        (
            definition,
            if is_rust {
                "print_all();"
            } else {
                "print_all()"
            },
        )
    }
}

/// What came.
#[derive(Debug, Default)]
struct Result {
    times: Vec<f64>,
    /// Lines that did not come whole, in the worst round.
    lost: usize,
    failed: Option<String>,
}

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let (kernels, missing) = context.kernels();
    let mut section = Section::new("Output");
    section.text(
        "From the request of a cell that calls a function which prints, until the client has all of it: the cell's \
         compiling counts. A line is lost if it never came, or not in one piece. The client is a \
         headless one, as nbconvert's: to an interactive one Woozle sends no more than JupyterLab's server passes on \
         (3 MB within 3 seconds; it drops the rest, of any kernel).",
    );
    missing.into_iter().for_each(|line| section.text(line));
    let mut table = Table::new([
        "",
        "kernel",
        "median",
        "lines lost or torn",
        "Woozle's ratio to it",
    ]);
    for case in &CASES {
        let mut results: Vec<Result> = kernels.iter().map(|_| Result::default()).collect();
        for _ in 0..rounds(3) {
            for (peer, result) in kernels.iter().zip(&mut results) {
                eprintln!("output: {}, {}", case.name, peer.name);
                if result.failed.is_none()
                    && let Err(error) = print(peer, case, result)
                {
                    anyhow::ensure!(peer.name != "Woozle", error);
                    result.failed = Some(error.to_string());
                }
            }
        }
        let ours = median(&results[0].times);
        for (peer, result) in kernels.iter().zip(&results) {
            let its = median(&result.times);
            let (took, ratio) = match &result.failed {
                Some(why) => (format!("fails: {why}"), String::new()),
                None => (time(its), figure(ours / its)),
            };
            if peer.name == "ipykernel" && case.lines == 100_000 && result.failed.is_none() {
                section.budget(case.name, 1.0, "ipykernel", ours / its);
            }
            table.row([
                case.name.to_owned(),
                peer.name.to_owned(),
                took,
                result.lost.to_string(),
                ratio,
            ]);
        }
        let lost = results[0].lost;
        anyhow::ensure!(lost == 0, "Woozle has lost {lost} lines of {}", case.name);
    }
    section.table(table);
    Ok(section)
}

fn print(peer: &Peer, case: &Case, result: &mut Result) -> anyhow::Result<()> {
    let mut kernel = Kernel::start(peer)?;
    let (definition, cell) = case.code(peer.is_rust);
    kernel.run_well(&definition)?;
    kernel.headless = true;
    let answer = kernel.run_until(cell, |text| text.len() >= case.bytes())?;
    if let Some(error) = answer.error {
        anyhow::bail!("{error}");
    }
    let came: HashSet<&str> = answer.stdout.lines().collect();
    let mut lost = 0;
    for thread in 0..case.threads {
        let numbers = 0..case.each();
        let all = numbers.map(|number| case.line(thread, number));
        lost += all.filter(|line| !came.contains(line.as_str())).count();
    }
    result.lost = result.lost.max(lost);
    result.times.push(answer.time.as_secs_f64());
    Ok(())
}
