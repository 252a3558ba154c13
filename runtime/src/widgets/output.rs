//! An area that holds what is printed and displayed.

use std::sync::Arc;

use miniserde::json::{self, Value};

use super::field::{list, object, text};
use super::model::{self, Model};
use crate::process::output;
use crate::process::output::area;
use crate::protocol::{Event, Stream};
use crate::sync::{Mutex, lock};

widget! {
    /// An area for output, which can be emptied without emptying the cell. Python: `ipywidgets.Output`.
    ///
    /// Threads that are started in [`capture`](Self::capture) print there for as long as they live. What a child
    /// process writes past Rust's macros goes to the cell.
    ///
    /// ```
    /// use woozle::widgets::Output;
    ///
    /// let log = Output::new();
    /// let sum = log.capture(|| {
    ///     woozle::println!("adding");
    ///     1 + 1
    /// });
    /// assert_eq!((sum, log.text()), (2, "adding\n".to_owned()));
    /// log.clear(false);
    /// assert_eq!(log.text(), "");
    /// ```
    Output, Number
}

/// The number that threads carry whose output goes there; with it, what is there.
type Number = (u32, Arc<Contents>);

/// What is in an area.
struct Contents {
    model: Arc<Model>,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    pieces: Vec<Piece>,
    /// Whether the next piece takes the place of all others.
    to_be_cleared: bool,
}

enum Piece {
    /// Bytes, since a character may come in two parts.
    Printed(Stream, Vec<u8>),
    Displayed(Option<String>, Vec<(String, String)>),
}

impl Output {
    /// An empty area.
    #[must_use]
    pub fn new() -> Self {
        let values = [("outputs", list([])), ("msg_id", text(""))];
        let model = Model::of_module(model::OUTPUT, "Output", "OutputView", "outputs", values);
        let contents = Arc::new(Contents {
            model: Arc::clone(&model),
            shown: Mutex::default(),
        });
        let number = area::open(contents.clone());
        Self(model, (number, contents))
    }

    /// Runs a function whose output goes here, and so does that of the threads that it starts and of the tasks that it
    /// gives to pools. Python: `with out:`.
    pub fn capture<R>(&self, function: impl FnOnce() -> R) -> R {
        output::within(self.1.0, function)
    }

    /// Takes away what is here; with `wait`, only when there is something new, so that nothing flickers. Python:
    /// `out.clear_output(wait)`.
    pub fn clear(&self, wait: bool) {
        let cell = self.1.0;
        output::send(&Event::ClearOutput { cell, wait });
    }

    /// Runs a function whose output takes the place of what is here.
    pub(super) fn replace(&self, function: impl FnOnce()) {
        self.clear(true);
        self.capture(function);
        let nothing_came = lock(&self.1.1.shown).to_be_cleared;
        if nothing_came {
            self.clear(false);
        }
    }

    /// What is printed here, and of what is displayed the plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let shown = lock(&self.1.1.shown);
        let pieces = shown.pieces.iter().map(|piece| match piece {
            Piece::Printed(_, bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Piece::Displayed(_, data) => {
                let plain = data.iter().find(|(mime, _)| mime == "text/plain");
                plain.map_or_else(String::new, |(_, text)| format!("{text}\n"))
            }
        });
        pieces.collect()
    }

    fn plain(&self) -> String {
        match self.text().trim_end() {
            "" => "Output(empty)".to_owned(),
            text => text.to_owned(),
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Self::new()
    }
}

impl area::OutputTarget for Contents {
    fn take(&self, event: &Event) {
        let mut shown = lock(&self.shown);
        if shown.take(event) {
            let outputs = list(shown.pieces.iter().map(Piece::value));
            self.model.set("outputs", outputs);
        }
    }
}

impl Shown {
    /// Whether something has changed.
    fn take(&mut self, event: &Event) -> bool {
        match event {
            Event::Output { stream, bytes, .. } => self.print(*stream, bytes),
            Event::Panic { panic, .. } => {
                self.print(Stream::Stderr, format!("{panic}\n").as_bytes());
            }
            Event::Display {
                data,
                display_id,
                update: true,
                ..
            } => {
                return self.update(display_id.as_deref(), data);
            }
            Event::Display {
                data, display_id, ..
            } => {
                self.make_room();
                let piece = Piece::Displayed(display_id.clone(), data.clone());
                self.pieces.push(piece);
            }
            Event::ClearOutput { wait: true, .. } => {
                self.to_be_cleared = true;
                return false;
            }
            Event::ClearOutput { .. } => {
                self.to_be_cleared = false;
                self.pieces.clear();
            }
            _ => return false,
        }
        true
    }

    fn make_room(&mut self) {
        if std::mem::take(&mut self.to_be_cleared) {
            self.pieces.clear();
        }
    }

    fn print(&mut self, stream: Stream, bytes: &[u8]) {
        self.make_room();
        match self.pieces.last_mut() {
            Some(Piece::Printed(last, all)) if *last == stream => all.extend_from_slice(bytes),
            _ => self.pieces.push(Piece::Printed(stream, bytes.to_vec())),
        }
    }

    fn update(&mut self, id: Option<&str>, new: &[(String, String)]) -> bool {
        let mut found = false;
        for piece in &mut self.pieces {
            if let Piece::Displayed(Some(known), data) = piece
                && Some(known.as_str()) == id
            {
                *data = new.to_vec();
                found = true;
            }
        }
        found
    }
}

impl Piece {
    /// As it stands in a notebook.
    fn value(&self) -> Value {
        Value::Object(match self {
            Self::Printed(stream, bytes) => object([
                ("output_type", text("stream")),
                (
                    "name",
                    text(match stream {
                        Stream::Stdout => "stdout",
                        Stream::Stderr => "stderr",
                    }),
                ),
                ("text", text(String::from_utf8_lossy(bytes))),
            ]),
            Self::Displayed(_, data) => {
                let data = data.iter().map(|(mime, data)| {
                    let is_json = mime == "application/json" || mime.ends_with("+json");
                    let parsed = is_json.then(|| json::from_str(data).ok()).flatten();
                    (mime.clone(), parsed.unwrap_or_else(|| text(data)))
                });
                object([
                    ("output_type", text("display_data")),
                    ("data", Value::Object(data.collect())),
                    ("metadata", Value::Object(object([]))),
                ])
            }
        })
    }
}
