//! The inputs of this session.

use crate::wire::content::{
    HistoryAccess, HistoryEntry, HistoryRequest, HistorySource, Range, Search, Tail,
};

/// The number under which clients see the present session.
const SESSION: i64 = 1;

/// What the cells of this kernel were, oldest first. It is gone when the kernel ends.
#[derive(Debug, Default)]
pub(super) struct History {
    inputs: Vec<Input>,
}

#[derive(Debug)]
struct Input {
    line: u32,
    source: String,
}

impl History {
    pub(super) fn push(&mut self, line: u32, source: &str) {
        self.inputs.push(Input {
            line,
            source: source.to_owned(),
        });
    }

    pub(super) fn select(&self, request: &HistoryRequest) -> Vec<HistoryEntry> {
        let inputs = match &request.access {
            HistoryAccess::Tail(tail) => self.tail(tail),
            HistoryAccess::Range(range) => self.range(range),
            HistoryAccess::Search(search) => self.search(search),
        };
        let entry = |input: &Input| {
            let source = input.source.clone();
            let source = if request.output {
                // Outputs are not kept; the protocol's word for that is null.
                HistorySource::WithOutput(source, None)
            } else {
                HistorySource::Input(source)
            };
            HistoryEntry(SESSION, input.line, source)
        };
        inputs.into_iter().map(entry).collect()
    }

    fn tail(&self, tail: &Tail) -> Vec<&Input> {
        last(self.inputs.iter().collect(), tail.n)
    }

    fn range(&self, range: &Range) -> Vec<&Input> {
        if range.session != 0 && range.session != SESSION {
            return Vec::new();
        }
        let start = range.start.unwrap_or(0);
        let stop = range.stop.unwrap_or(i64::MAX);
        let within = |input: &&Input| (start..stop).contains(&i64::from(input.line));
        self.inputs.iter().filter(within).collect()
    }

    fn search(&self, search: &Search) -> Vec<&Input> {
        let pattern: Vec<char> = search.pattern.as_deref().unwrap_or("*").chars().collect();
        let matching = |input: &&Input| {
            let text: Vec<char> = input.source.chars().collect();
            matches(&pattern, &text)
        };
        let mut found: Vec<&Input> = self.inputs.iter().filter(matching).collect();
        if search.unique {
            // The latest of equal inputs stays.
            let mut seen = std::collections::HashSet::new();
            found.reverse();
            found.retain(|input| seen.insert(&input.source));
            found.reverse();
        }
        last(found, search.n)
    }
}

fn last(mut inputs: Vec<&Input>, n: Option<i64>) -> Vec<&Input> {
    let Some(n) = n else { return inputs };
    let n = usize::try_from(n).unwrap_or(0);
    inputs.split_off(inputs.len().saturating_sub(n))
}

/// Whether the whole text matches the glob: `*` stands for any text, `?` for one character.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on if the last `*` has to take one character more.
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                p += 1;
                retry = Some((p, t));
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, taken)) = retry else {
                    return false;
                };
                p = star;
                t = taken + 1;
                retry = Some((star, t));
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
