//! What the checkpoint after each cell costs, by memory and threads.

use crate::client::kernel::Kernel;
use crate::context::Context;
use crate::measure::{is_quick, rounds};
use crate::memory::megabytes;
use crate::report::document::{Block, Section, Table, time};
use crate::report::plot::{Plot, Series};
use crate::report::stats::median;

/// One size of a session: megabytes of variables, and threads.
const SIZES: [(u32, u32); 9] = [
    (0, 0),
    (100, 0),
    (200, 0),
    (400, 0),
    (800, 0),
    (0, 8),
    (0, 64),
    (200, 8),
    (200, 64),
];

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let mut section = Section::new("Checkpoints");
    section.text(
        "After each cell the host leaves a copy of itself asleep, from which the session goes on after a crash. Here \
         sessions hold some memory, all of it written, and some threads that wait. The copy is made after the \
         answer; the host does nothing else meanwhile. `writes` is a cell that writes to every page again, \
         which has then to be copied, and `without` the same in a session whose copy is already parted.",
    );
    let mut table = Table::new([
        "variables",
        "threads",
        "resident",
        "the copy",
        "a cell",
        "writes to all",
        "without",
    ]);
    let mut points = Vec::new();
    let sizes = if is_quick() { &SIZES[..2] } else { &SIZES[..] };
    for &(megabytes_held, threads) in sizes {
        eprintln!("checkpoint: {megabytes_held} MB, {threads} threads");
        let session = Session::new(context, megabytes_held, threads)?;
        let figures = session.measure()?;
        if threads == 0 {
            points.push((figures.resident / 1e6, figures.copy * 1e3));
        }
        table.row([
            format!("{megabytes_held} MB"),
            threads.to_string(),
            megabytes(figures.resident),
            time(figures.copy),
            time(figures.cell),
            time(figures.writes),
            time(figures.again),
        ]);
    }
    section.table(table);
    let mut plot = Plot::new(
        "checkpoint",
        "Time of a checkpoint by memory",
        "MB resident",
        "ms",
    );
    plot.series.push(Series {
        name: "checkpoint",
        points,
    });
    section.blocks.push(Block::Plot(plot));
    Ok(section)
}

struct Session {
    kernel: Kernel,
}

struct Figures {
    resident: f64,
    copy: f64,
    cell: f64,
    writes: f64,
    again: f64,
}

impl Session {
    fn new(context: &Context, megabytes: u32, threads: u32) -> anyhow::Result<Self> {
        let mut kernel = Kernel::start(&context.woozle)?;
        kernel.run_well(&format!("let mut held = vec![1_u64; {megabytes} << 17];"))?;
        // One write for each page; the time of two passes, the second of which finds all copied.
        kernel.run_well(
            "pub fn touch(held: &mut [u64]) -> f64 {\n    let begin = std::time::Instant::now();\n    for n in (0..held.len()).step_by(512) { held[n] += 1; }\n    begin.elapsed().as_secs_f64()\n}",
        )?;
        kernel.run_well(&format!(
            "let sleepers: Vec<_> = (0..{threads}).map(|_| std::thread::spawn(|| std::thread::park())).collect();"
        ))?;
        Ok(Self { kernel })
    }

    fn measure(mut self) -> anyhow::Result<Figures> {
        let (mut copies, mut cells, mut writes, mut again) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds(7) {
            cells.push(self.kernel.run_well("0")?.time.as_secs_f64());
            let answer = self
                .kernel
                .run_well("(touch(&mut held), touch(&mut held))")?;
            let (first, second) = pair(answer.result.as_deref().unwrap_or_default())?;
            writes.push(first);
            again.push(second);
            // It is logged when the kernel next hears of the host.
            self.kernel.run_well("0")?;
            copies.push(self.kernel.logged("copy_us")?.seconds("copy_us"));
        }
        let resident = self.kernel.logged("copy_us")?.number("resident");
        Ok(Figures {
            resident,
            copy: median(&copies),
            cell: median(&cells),
            writes: median(&writes),
            again: median(&again),
        })
    }
}

/// Reads `(a, b)`.
fn pair(text: &str) -> anyhow::Result<(f64, f64)> {
    let numbers = text.trim_matches(['(', ')']).split_once(", ");
    let pair = numbers.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    pair.ok_or_else(|| anyhow::anyhow!("not two numbers: {text}"))
}
