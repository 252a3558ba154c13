//! The crates of a session, as `:show_deps` lists them.

use std::fmt::Write as _;

use crate::build::deps::graph::Graph;

/// The lines, and below them all packages that they use, with their versions, where they are, and their features.
pub(crate) fn of(graph: &Graph) -> String {
    let mut text = String::new();
    for (name, value) in &graph.lines {
        let _ = writeln!(text, "{name} = {value}");
    }
    let Some(last) = graph.steps.last() else {
        return text;
    };
    let used = last.packages.iter().filter(|package| package.is_used);
    let mut rows: Vec<[String; 3]> = used
        .map(|package| {
            let name = format!("{} {}", package.name, package.version);
            let mut steps = graph.steps.iter();
            let home = match steps.find(|step| package.file.starts_with(&step.search)) {
                Some(step) => {
                    let lines: Vec<&str> = step.lines.keys().map(String::as_str).collect();
                    format!("came with {}", lines.join(", "))
                }
                None => "in the runtime".to_owned(),
            };
            [name, home, package.features.join(", ")]
        })
        .collect();
    rows.sort();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    text.push('\n');
    for [name, home, features] in &rows {
        let row = format!("{name:first$}  {home:second$}  {features}");
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}
