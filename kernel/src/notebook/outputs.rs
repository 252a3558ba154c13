//! The outputs of a run's cells, gathered from iopub messages as a notebook file keeps them.

use std::iter;

use nbformat::v4::{DisplayData, ErrorOutput, ExecuteResult, MultilineString, Output};
use serde_json::{Value, json};

use crate::wire::content::{self, Content, MimeBundle, StreamName};

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
    output: Output,
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
                cell.push(
                    Output::DisplayData(display_data(&new.data, &new.metadata)),
                    display_id.clone(),
                );
            }
            Content::ExecuteResult(result) => {
                cell.push(Output::ExecuteResult(execute_result(result)), None)
            }
            Content::Error(error) => {
                let content::ErrorOutput {
                    ename,
                    evalue,
                    traceback,
                } = error.clone();
                cell.push(
                    Output::Error(ErrorOutput {
                        ename,
                        evalue,
                        traceback,
                    }),
                    None,
                );
            }
            Content::ClearOutput(clear) if clear.wait => cell.clear_before_next = true,
            Content::ClearOutput(_) => cell.shown.clear(),
            _ => {}
        }
    }

    /// The outputs of `cell`, to be put into the notebook.
    pub fn take(&mut self, cell: usize) -> Vec<Output> {
        let shown = self
            .cells
            .get_mut(cell)
            .map(|cell| std::mem::take(&mut cell.shown))
            .unwrap_or_default();
        shown.into_iter().map(|shown| shown.output).collect()
    }

    fn update(&mut self, id: &str, data: &MimeBundle, metadata: &MimeBundle) {
        let all = self.cells.iter_mut().flat_map(|cell| &mut cell.shown);
        for shown in all.filter(|shown| shown.display_id.as_deref() == Some(id)) {
            shown.output = Output::DisplayData(display_data(data, metadata));
        }
    }
}

impl CellOutputs {
    fn clear_if_asked(&mut self) {
        if std::mem::take(&mut self.clear_before_next) {
            self.shown.clear();
        }
    }

    fn push(&mut self, output: Output, display_id: Option<String>) {
        self.clear_if_asked();
        self.shown.push(Shown { output, display_id });
    }

    fn stream(&mut self, stream: StreamName, new: &str) {
        self.clear_if_asked();
        let stream = match stream {
            StreamName::Stdout => "stdout",
            StreamName::Stderr => "stderr",
        };
        match self.shown.last_mut().map(|shown| &mut shown.output) {
            Some(Output::Stream { name, text }) if name == stream => text.0.push_str(new),
            _ => self.push(
                Output::Stream {
                    name: stream.to_owned(),
                    text: MultilineString(new.to_owned()),
                },
                None,
            ),
        }
    }
}

fn display_data(data: &MimeBundle, metadata: &MimeBundle) -> DisplayData {
    let mut output = DisplayData {
        metadata: metadata.clone(),
        ..DisplayData::default()
    };
    for (mime, value) in data {
        // The library knows some types and refuses a value that it does not expect for them;
        // such a one is kept as text, since a notebook may not hold it otherwise.
        let one = |value: &Value| {
            let data = Value::Object([(mime.clone(), value.clone())].into_iter().collect());
            serde_json::from_value::<DisplayData>(json!({ "data": data, "metadata": {} }))
        };
        match one(value).or_else(|_| one(&Value::String(value.to_string()))) {
            Ok(parsed) => output.data.content.extend(parsed.data.content),
            Err(error) => tracing::warn!("an output of type {mime} is left out: {error}"),
        }
    }
    output
}

fn execute_result(result: &content::ExecuteResult) -> ExecuteResult {
    let DisplayData { data, metadata } = display_data(&result.data, &result.metadata);
    let count = usize::try_from(result.execution_count).unwrap_or(usize::MAX);
    ExecuteResult {
        execution_count: count.into(),
        data,
        metadata,
    }
}

#[cfg(test)]
#[path = "outputs_tests.rs"]
mod tests;
