//! What the front end wants to stop at.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The filter for panics, and that for signals by which a process crashes.
const PANIC: &str = "panic";
const CRASH: &str = "crash";

/// The runtime's function that each panic comes by, after it has been noted.
pub(super) const PANIC_FUNCTION: &str = "woozle_debugger_panic";

/// What a crash begins with.
const CRASH_SIGNALS: &str = "SIGSEGV SIGBUS SIGILL SIGFPE SIGABRT SIGSYS";

/// All that is wanted, so that it can be set again in another process.
#[derive(Debug, Default)]
pub(super) struct Breakpoints {
    /// By the path of their cell.
    lines: BTreeMap<String, Vec<Value>>,
    functions: Vec<Value>,
    /// The filters, once some have been chosen.
    filters: Option<Vec<String>>,
}

impl Breakpoints {
    /// Notes those of a cell; gives them where they can be.
    pub(super) fn set_lines(
        &mut self,
        path: &str,
        text: Option<&str>,
        wanted: &[Value],
    ) -> Vec<Value> {
        let placed: Vec<Value> = wanted.iter().map(|wanted| placed(wanted, text)).collect();
        if placed.is_empty() {
            self.lines.remove(path);
        } else {
            self.lines.insert(path.to_owned(), placed.clone());
        }
        placed
    }

    /// Those of a cell.
    pub(super) fn lines(&self, path: &str) -> &[Value] {
        self.lines.get(path).map_or(&[], Vec::as_slice)
    }

    /// All of lines, by the path of their cell.
    pub(super) fn all_lines(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.lines.iter().map(|(path, lines)| (&**path, &**lines))
    }

    /// Notes those of functions.
    pub(super) fn set_functions(&mut self, wanted: Vec<Value>) {
        self.functions = wanted;
    }

    /// Notes the filters. A front end that has none chosen says so when it starts, too: then crashes stop, as in any debugger.
    pub(super) fn set_filters(&mut self, filters: Vec<String>) {
        if self.filters.is_some() || !filters.is_empty() {
            self.filters = Some(filters);
        }
    }

    fn has_filter(&self, name: &str) -> bool {
        match &self.filters {
            Some(filters) => filters.iter().any(|filter| filter == name),
            None => name == CRASH,
        }
    }

    /// The functions to stop at: those of the user, and what panics come by.
    pub(super) fn functions(&self) -> Vec<Value> {
        let mut functions = self.functions.clone();
        if self.has_filter(PANIC) {
            functions.push(json!({"name": PANIC_FUNCTION}));
        }
        functions
    }

    /// The command of LLDB by which crashes stop, or do not.
    pub(super) fn crash_command(&self) -> String {
        let stops = self.has_filter(CRASH);
        format!("process handle -p true -s {stops} -n {stops} {CRASH_SIGNALS}")
    }
}

/// Whether a stop is by a signal by which a process crashes, as LLDB describes it.
pub(super) fn is_crash(description: &str) -> bool {
    let signal = description.strip_prefix("signal ").unwrap_or_default();
    let name = signal.split([':', ' ']).next().unwrap_or_default();
    CRASH_SIGNALS.split(' ').any(|crash| crash == name)
}

/// The filters that can be chosen.
pub(super) fn filters() -> Value {
    json!([
        {"filter": PANIC, "label": "Panics", "default": false},
        {"filter": CRASH, "label": "Crashes", "default": true},
    ])
}

/// A breakpoint on the line where there is code from its own on, as far as the text tells: not on a blank one, or a comment.
fn placed(wanted: &Value, text: Option<&str>) -> Value {
    let mut placed = wanted.clone();
    let line = wanted["line"]
        .as_u64()
        .and_then(|line| usize::try_from(line).ok());
    if let (Some(line), Some(text)) = (line, text) {
        let lines = text.lines().enumerate().skip(line.saturating_sub(1));
        let is_code = |line: &str| {
            let line = line.trim();
            !(line.is_empty() || line.starts_with("//") || line.starts_with(':'))
        };
        let found = lines.into_iter().find(|(_, line)| is_code(line));
        if let Some((at, _)) = found {
            placed["line"] = json!(at + 1);
        }
    }
    placed
}

/// What is answered for wanted breakpoints, by what LLDB has said of each: it may be in several cells.
pub(super) fn joined(placed: &[Value], path: &str, answers: &[Value]) -> Vec<Value> {
    let each = placed.iter().map(|placed| {
        let mut joined = json!({
            "verified": false,
            "line": placed["line"],
            "source": {"path": path},
        });
        let is_it =
            |answer: &&Value| answer["line"] == placed["line"] && answer["verified"] == json!(true);
        match answers.iter().find(is_it) {
            Some(found) => {
                joined["verified"] = json!(true);
                joined["id"] = found["id"].clone();
            }
            None => joined["message"] = json!("it is set when the cell runs"),
        }
        joined
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakpoint_goes_to_the_next_line_with_code() {
        let text = "// what it does\n\nfn f() {\n    1\n}\n\n// the end\n";
        for (line, placed_at) in [(1, 3), (2, 3), (3, 3), (4, 4), (6, 6), (9, 9)] {
            let placed = placed(&json!({"line": line, "condition": "x"}), Some(text));
            assert_eq!(
                placed,
                json!({"line": placed_at, "condition": "x"}),
                "{line}"
            );
        }
        assert_eq!(placed(&json!({"line": 2}), None), json!({"line": 2}));
    }

    #[test]
    fn crashes_stop_until_filters_are_chosen() {
        let mut breakpoints = Breakpoints::default();
        let stops = |breakpoints: &Breakpoints| breakpoints.crash_command().contains("-s true");
        assert!(stops(&breakpoints) && breakpoints.functions().is_empty());
        breakpoints.set_filters(Vec::new());
        assert!(stops(&breakpoints));
        breakpoints.set_filters(vec![PANIC.into()]);
        assert!(!stops(&breakpoints));
        assert_eq!(breakpoints.functions(), [json!({"name": PANIC_FUNCTION})]);
        breakpoints.set_filters(Vec::new());
        assert!(!stops(&breakpoints) && breakpoints.functions().is_empty());
    }

    #[test]
    fn a_crash_is_told_from_other_signals() {
        assert!(is_crash("signal SIGABRT"));
        assert!(is_crash(
            "signal SIGSEGV: address not mapped to object (fault address: 0x8)"
        ));
        assert!(!is_crash("signal SIGSTOP") && !is_crash("breakpoint 1.1") && !is_crash(""));
    }

    #[test]
    fn a_breakpoint_is_verified_if_it_is_in_one_cell() {
        let placed = [json!({"line": 2}), json!({"line": 9})];
        let answers = [
            json!({"verified": false, "line": 2}),
            json!({"verified": true, "line": 2, "id": 7}),
            json!({"verified": false, "line": 9}),
        ];
        let joined = joined(&placed, "p", &answers);
        assert_eq!(
            joined[0],
            json!({"verified": true, "line": 2, "id": 7, "source": {"path": "p"}})
        );
        assert_eq!(joined[1]["verified"], json!(false));
        assert_eq!(joined[1]["line"], json!(9));
    }
}
