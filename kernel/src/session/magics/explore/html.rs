//! The failing schedule as HTML: a lane for each thread.
//!
//! Colours are those of JupyterLab's theme where it has them, and otherwise such that they read on light and on dark ground.

use std::fmt::Write as _;

use super::report::Report;
use super::schedule::{Kind, Schedule, Step};
use super::text::{footer, heading};
use crate::system::text::escaped;

/// The colours of the lanes.
const LANES: [&str; 8] = [
    "#7b8794", "#3b82f6", "#d98806", "#10b981", "#a855f7", "#ec4899", "#14b8a6", "#84a80f",
];

const STYLE: &str = include_str!("html/schedule.css");

/// The schedule as HTML.
pub(crate) fn html(report: &Report, schedule: &Schedule, replay: &str) -> String {
    let (kind, found) = heading(report);
    let mut out = format!(
        "<style>{STYLE}</style><div class=\"woozle-explore\"><p><b class=\"bad\">✗ {kind}</b> <span>{}</span></p>",
        escaped(&found)
    );
    let lanes = schedule.threads.len();
    let _ = write!(
        out,
        "<div class=\"lanes\" style=\"grid-template-columns:max-content repeat({lanes},minmax(150px,max-content))\"><div></div>"
    ); // a string takes all
    let colour = |lane: usize| LANES[lane % LANES.len()];
    for (lane, (_, name)) in schedule.threads.iter().enumerate() {
        let _ = write!(
            out,
            "<div class=\"thread\" style=\"--lane:{}\">{}</div>",
            colour(lane),
            escaped(name)
        );
    }
    for (n, step) in schedule.steps.iter().enumerate() {
        let _ = write!(out, "<div class=\"number\">{}</div>", n + 1);
        for (lane, (thread, _)) in schedule.threads.iter().enumerate() {
            if *thread == step.thread {
                cell(&mut out, step, colour(lane));
            } else {
                out.push_str("<div class=\"empty\"></div>");
            }
        }
    }
    for stuck in &schedule.stuck {
        let _ = write!(out, "<div class=\"stuck\">✗ {}</div>", escaped(stuck));
    }
    let _ = write!(
        out,
        "</div><p><span>{}</span></p></div>",
        escaped(&footer(report, replay))
    );
    out
}

fn cell(out: &mut String, step: &Step, colour: &str) {
    let class = match step.kind {
        Kind::Plain | Kind::Before => "",
        Kind::Writes => " writes",
        Kind::Waits => " waits",
        Kind::Odd => " odd",
        Kind::Fails => " fails",
        Kind::Ends => " ends",
    };
    let _ = write!(out, "<div class=\"step{class}\" style=\"--lane:{colour}\">"); // a string takes all
    if let Some((number, line)) = &step.line {
        let _ = write!(
            out,
            "<code title=\"{}\"><i>{}</i> {}</code>",
            escaped(line),
            escaped(number),
            escaped(line)
        );
    }
    for note in &step.notes {
        let _ = write!(out, "<em>{}</em>", escaped(note));
    }
    out.push_str("</div>");
}
