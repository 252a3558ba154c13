//! What `%%timeline` costs.

use crate::client::kernel::Kernel;
use crate::context::Context;
use crate::measure::rounds;
use crate::report::document::{Section, Table, spread, time};
use crate::report::stats::{median, ratio};

/// Two threads that compute in turns, each for so long that each of them waits for the other one a thousand times a second.
/// The time is taken within the cell.
const WORK: &str = "use std::sync::{Condvar, Mutex};\nuse std::time::Instant;\n\
    static TURN: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());\n\
    fn compute(mut x: u64) -> u64 { for _ in 0..400_000 { x = x.wrapping_mul(6364136223846793005).rotate_left(7); } x }\n\
    fn take_turns(turns: usize) -> f64 {\n    let begin = Instant::now();\n    std::thread::scope(|scope| {\n\
        for own in 0..2 {\n            scope.spawn(move || for _ in 0..turns {\n\
                let mut turn = TURN.0.lock().unwrap();\n\
                while *turn % 2 != own { turn = TURN.1.wait(turn).unwrap(); }\n\
                drop(turn);\n                std::hint::black_box(compute(own as u64));\n\
                *TURN.0.lock().unwrap() += 1;\n                TURN.1.notify_one();\n            });\n        }\n    });\n\
    begin.elapsed().as_secs_f64()\n}";

pub(crate) fn measure(context: &Context) -> anyhow::Result<Section> {
    let mut section = Section::new("Timelines");
    section.text(
        "Two threads compute in turns of half a millisecond and wait for each other, once with `%%timeline` and once without, \
         in turn. The time is that of the threads; to draw the picture takes its own after that.",
    );
    let mut kernel = Kernel::start(&context.woozle)?;
    kernel.run_well(WORK)?;
    let (mut with, mut without, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds(9) {
        let (seconds, _) = run(&mut kernel, "take_turns(1000)")?;
        without.push(seconds);
        let (seconds, cell) = run(&mut kernel, "%%timeline\ntake_turns(1000)")?;
        with.push(seconds);
        cells.push(cell - seconds);
    }
    let ratio = ratio(&with, &without);
    let mut table = Table::new(["", "with", "without", "ratio", "the picture"]);
    table.row([
        "2000 turns".to_owned(),
        time(median(&with)),
        time(median(&without)),
        spread(ratio),
        time(median(&cells)),
    ]);
    section.table(table);
    section.budget(
        "a cell whose threads wait a thousand times a second, under `%%timeline`",
        1.05,
        "without it",
        ratio.median,
    );
    Ok(section)
}

/// The time of the threads, and that of the cell.
fn run(kernel: &mut Kernel, code: &str) -> anyhow::Result<(f64, f64)> {
    let answer = kernel.run_well(code)?;
    let result = answer.result.as_deref().unwrap_or_default();
    Ok((result.parse()?, answer.time.as_secs_f64()))
}
