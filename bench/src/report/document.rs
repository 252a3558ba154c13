//! What a command found out, and its Markdown.

use std::fmt::Write as _;

use crate::report::plot::Plot;
use crate::report::stats::Ratio;

/// What one command found out.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) blocks: Vec<Block>,
    pub(crate) budgets: Vec<Budget>,
}

#[derive(Debug)]
pub(crate) enum Block {
    Text(String),
    Table(Table),
    Plot(Plot),
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A ratio that is to stay below a limit.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) what: &'static str,
    pub(crate) limit: f64,
    pub(crate) beside: &'static str,
    pub(crate) ratio: f64,
}

impl Section {
    pub(crate) fn new(title: &'static str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }

    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    pub(crate) fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    pub(crate) fn budget(
        &mut self,
        what: &'static str,
        limit: f64,
        beside: &'static str,
        ratio: f64,
    ) {
        self.budgets.push(Budget {
            what,
            limit,
            beside,
            ratio,
        });
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("## {}\n", self.title);
        for block in &self.blocks {
            let _ = match block {
                Block::Text(paragraph) => writeln!(text, "\n{paragraph}"),
                Block::Table(table) => write!(text, "\n{}", table.markdown()),
                Block::Plot(plot) => writeln!(text, "\n![{}]({})", plot.title, plot.file()),
            };
        }
        if !self.budgets.is_empty() {
            let _ = write!(text, "\n{}", budgets(self.budgets.iter()));
        }
        text
    }
}

/// The table of budgets.
pub(crate) fn budgets<'a>(all: impl Iterator<Item = &'a Budget>) -> String {
    let mut table = Table::new(["budget", "beside", "limit", "measured", ""]);
    for budget in all {
        let over = if budget.ratio <= budget.limit {
            "met".to_owned()
        } else {
            format!(
                "**over by {:.0} %**",
                (budget.ratio / budget.limit - 1.0) * 100.0
            )
        };
        table.row([
            budget.what.to_owned(),
            budget.beside.to_owned(),
            format!("{}", budget.limit),
            figure(budget.ratio),
            over,
        ]);
    }
    table.markdown()
}

impl Table {
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self {
            head: head.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.to_vec());
    }

    fn markdown(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&self.head]);
            let widths = cells.filter_map(|row| Some(row.get(column)?.chars().count()));
            widths.max().unwrap_or(0).max(3)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths);
            let cells = cells.map(|(cell, width)| format!(" {cell:<width$} |"));
            format!("|{}\n", cells.collect::<String>())
        };
        let rule = widths
            .iter()
            .map(|width| format!("{}|", "-".repeat(width + 2)));
        let mut text = line(&self.head);
        let _ = writeln!(text, "|{}", rule.collect::<String>());
        text.extend(self.rows.iter().map(|row| line(row)));
        text
    }
}

/// A time in the unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 10.0 => format!("{s:.1} s"),
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 0.1 => format!("{:.0} ms", s * 1e3),
        s if s >= 1e-3 => format!("{:.1} ms", s * 1e3),
        s if s >= 1e-6 => format!("{:.1} µs", s * 1e6),
        s => format!("{:.0} ns", s * 1e9),
    }
}

/// A ratio with the digits that it needs.
pub(crate) fn figure(ratio: f64) -> String {
    if ratio < 0.1 {
        format!("{ratio:.4}")
    } else {
        format!("{ratio:.2}")
    }
}

/// A ratio with the quartiles of its rounds.
pub(crate) fn spread(ratio: Ratio) -> String {
    let (low, high) = (figure(ratio.low), figure(ratio.high));
    format!("{} ({low} to {high})", figure(ratio.median))
}

/// A cell's text on one line of a table.
pub(crate) fn inline(code: &str) -> String {
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(48).collect();
    let more = if short.len() < line.len() { "…" } else { "" };
    format!("`{}{more}`", short.replace('|', "\\|").replace('`', "'"))
}
