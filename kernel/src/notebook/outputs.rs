//! The outputs of a run's cells, gathered from iopub messages as a notebook file keeps them.

use std::iter;

use serde_json::{Value, json};

use super::file::text;
use crate::wire::content::{Content, MimeBundle, StreamName};

/// The outputs of all cells, each known by its place.
#[derive(Debug, Default)]
pub struct Outputs {
    cells: Vec<CellOutputs>,
}

#[derive(Debug, Default)]
struct CellOutputs {
    shown: Vec<Shown>,
    /// `clear_output` with `wait` has come: the next output replaces what is there.
    clear_before_next: bool,
}

#[derive(Debug)]
struct Shown {
    output: Value,
    display_id: Option<String>,
}

impl Outputs {
    pub fn new(cells: usize) -> Self {
        Self {
            cells: iter::repeat_with(CellOutputs::default)
                .take(cells)
                .collect(),
        }
    }

    /// Takes a message that belongs to `cell`. Messages that are no output are passed over.
    pub fn apply(&mut self, cell: usize, content: &Content) {
        // A display's id is known in all cells, whichever the message belongs to.
        let (update, display_id) = match content {
            Content::UpdateDisplayData(new) => {
                (Some((&new.data, &new.metadata)), &new.transient.display_id)
            }
            Content::DisplayData(new) => {
                (Some((&new.data, &new.metadata)), &new.transient.display_id)
            }
            _ => (None, &None),
        };
        if let (Some((data, metadata)), Some(id)) = (update, display_id) {
            self.update(id, data, metadata);
        }

        let Some(cell) = self.cells.get_mut(cell) else {
            return;
        };
        match content {
            Content::Stream(stream) => cell.stream(stream.name, &stream.text),
            Content::DisplayData(new) => {
                cell.push(display_data(&new.data, &new.metadata), display_id.clone());
            }
            Content::ExecuteResult(result) => {
                let mut output = display_data(&result.data, &result.metadata);
                output["output_type"] = json!("execute_result");
                output["execution_count"] = json!(result.execution_count);
                cell.push(output, None);
            }
            Content::Error(error) => {
                let mut output = json!(error);
                output["output_type"] = json!("error");
                cell.push(output, None);
            }
            Content::ClearOutput(clear) if clear.wait => cell.clear_before_next = true,
            Content::ClearOutput(_) => cell.shown.clear(),
            _ => {}
        }
    }

    /// The outputs of `cell`, to be put into the notebook.
    pub fn take(&mut self, cell: usize) -> Vec<Value> {
        let shown = self
            .cells
            .get_mut(cell)
            .map(|cell| std::mem::take(&mut cell.shown))
            .unwrap_or_default();
        let outputs = shown.into_iter().map(|shown| shown.output);
        outputs.map(as_in_files).collect()
    }

    fn update(&mut self, id: &str, data: &MimeBundle, metadata: &MimeBundle) {
        let all = self.cells.iter_mut().flat_map(|cell| &mut cell.shown);
        for shown in all.filter(|shown| shown.display_id.as_deref() == Some(id)) {
            shown.output = display_data(data, metadata);
        }
    }
}

impl CellOutputs {
    fn clear_if_asked(&mut self) {
        if std::mem::take(&mut self.clear_before_next) {
            self.shown.clear();
        }
    }

    fn push(&mut self, output: Value, display_id: Option<String>) {
        self.clear_if_asked();
        self.shown.push(Shown { output, display_id });
    }

    fn stream(&mut self, stream: StreamName, new: &str) {
        self.clear_if_asked();
        let stream = match stream {
            StreamName::Stdout => "stdout",
            StreamName::Stderr => "stderr",
        };
        let last = self.shown.last_mut().map(|shown| &mut shown.output);
        match last.filter(|last| last["name"] == stream) {
            Some(last) => {
                if let Value::String(text) = &mut last["text"] {
                    text.push_str(new);
                }
            }
            None => self.push(
                json!({ "output_type": "stream", "name": stream, "text": new }),
                None,
            ),
        }
    }
}

fn display_data(data: &MimeBundle, metadata: &MimeBundle) -> Value {
    json!({ "output_type": "display_data", "data": data, "metadata": metadata })
}

/// An output as files keep it: text as its lines. What is not JSON by its type has to be text.
fn as_in_files(mut output: Value) -> Value {
    if output["output_type"] == "stream" {
        text::split(&mut output["text"]);
    }
    let data = output.get_mut("data").and_then(Value::as_object_mut);
    for (mime, value) in data.into_iter().flatten() {
        if !is_json(mime) && !text::is_text(value) {
            *value = Value::String(value.to_string());
        }
        if mime.starts_with("text/") || SPLIT.contains(&mime.as_str()) {
            text::split(value);
        }
    }
    output
}

/// Types beside `text/…` whose lines are worth being kept apart.
const SPLIT: [&str; 2] = ["application/javascript", "image/svg+xml"];

fn is_json(mime: &str) -> bool {
    let of_application = mime.strip_prefix("application/");
    of_application.is_some_and(|name| name == "json" || name.ends_with("+json"))
}

#[cfg(test)]
mod tests;
