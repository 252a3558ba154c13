//! One widget's state, and its comm. The messages are those of version 2.1.0 of the widgets' protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use miniserde::json::{self, Object, Value};

use super::field::{Field, is_alike, is_same, object, text};
use super::model_state::ModelState;
use crate::comm::{Comm, Message, at, call_later};
use crate::display::MimeBundle;
use crate::process::output;
use crate::process::output::random_id;
use crate::sync::{Mutex, MutexGuard, lock};

/// The least time between two updates of one widget.
const PAUSE: Duration = Duration::from_millis(50);
/// Modules of the widgets' front end, with their versions.
const CONTROLS: (&str, &str) = ("@jupyter-widgets/controls", "2.0.0");
const BASE: (&str, &str) = ("@jupyter-widgets/base", "2.0.0");
pub(super) const OUTPUT: (&str, &str) = ("@jupyter-widgets/output", "1.0.0");

/// The widgets that front ends know of.
static SHOWN: Mutex<BTreeMap<String, Arc<Model>>> = Mutex::new(BTreeMap::new());
/// Widgets with changes that are still to be sent.
static CHANGED: Mutex<Vec<Arc<Model>>> = Mutex::new(Vec::new());

pub(super) struct Model {
    id: String,
    /// Its name in ipywidgets.
    name: &'static str,
    /// What stands for it where no widgets are.
    main: &'static str,
    state: Mutex<ModelState<Model>>,
    watchers: Mutex<Vec<Watcher>>,
    /// Whether the watchers are about to be called.
    calling: AtomicBool,
}

/// A callback, and the cell that registered it.
struct Watcher {
    cell: u32,
    event: Event,
    call: Arc<dyn Fn() + Send + Sync>,
}

/// What a user has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// Moved or typed; a cell may have done it as well.
    Changed,
    /// Clicked on a button, or pressed Enter in a line of text: the front end's name of the event.
    Custom(&'static str),
}

impl Model {
    /// A widget of ipywidgets, with the values that differ from its defaults. `main` is the one that
    /// the user changes.
    pub(super) fn new<const N: usize>(
        name: &'static str,
        view: &'static str,
        main: &'static str,
        values: [(&str, Value); N],
    ) -> Arc<Self> {
        Self::of_module(CONTROLS, name, view, main, values)
    }

    /// The same of another module.
    pub(super) fn of_module<const N: usize>(
        (module, version): (&str, &str),
        name: &'static str,
        view: &str,
        main: &'static str,
        values: [(&str, Value); N],
    ) -> Arc<Self> {
        let mut all = object(values);
        for (key, value) in [
            ("_model_module", module),
            ("_model_module_version", version),
            ("_view_module", module),
            ("_view_module_version", version),
            ("_view_name", view),
        ] {
            all.insert(key.to_owned(), text(value));
        }
        all.insert("_model_name".to_owned(), text(format!("{name}Model")));
        Arc::new(Self {
            id: random_id(),
            name,
            main,
            state: Mutex::new(ModelState {
                values: all,
                comm: None,
                changed: BTreeSet::new(),
                sent: None,
                parts: Vec::new(),
                layout: None,
            }),
            watchers: Mutex::default(),
            calling: AtomicBool::new(false),
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// How other widgets' states name this one.
    pub(super) fn reference(&self) -> Value {
        text(format!("IPY_MODEL_{}", self.id))
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn get<T: Field>(&self, key: &str) -> Option<T> {
        lock(&self.state).values.get(key).and_then(T::of_value)
    }

    /// Its value, or whatever is the main thing, as text.
    pub(super) fn shown(&self) -> Option<String> {
        lock(&self.state).values.get(self.main).map(json::to_string)
    }

    pub(super) fn set(self: &Arc<Self>, key: &str, value: Value) {
        self.change(key, |_| value);
    }

    /// Puts a value in the place of another one, in one step.
    pub(super) fn change(self: &Arc<Self>, key: &str, new: impl FnOnce(Option<&Value>) -> Value) {
        let mut state = lock(&self.state);
        let old = state.values.get(key);
        let new = new(old);
        if old.is_some_and(|old| is_same(old, &new)) {
            return;
        }
        state.values.insert(key.to_owned(), new);
        if state.comm.is_some() {
            self.note_change(state, key);
        } else {
            drop(state);
        }
        if key == self.main {
            self.call_watchers(Event::Changed);
        }
    }

    /// Sends a change, unless one was sent just now: then it waits for others to come along.
    fn note_change(self: &Arc<Self>, mut state: MutexGuard<'_, ModelState<Model>>, key: &str) {
        let waits = !state.changed.is_empty();
        state.changed.insert(key.to_owned());
        let due = state.sent.map(|sent| sent + PAUSE);
        match due.filter(|due| *due > Instant::now()) {
            None => state.send_changes(),
            Some(_) if waits => {}
            Some(due) => {
                drop(state);
                lock(&CHANGED).push(Arc::clone(self));
                at(due, flush);
            }
        }
    }

    /// The names of those in it.
    pub(super) fn parts_shown(&self) -> String {
        let state = lock(&self.state);
        let is_layout = |part: &Arc<Self>| {
            let layout = state.layout.as_ref();
            layout.is_some_and(|layout| Arc::ptr_eq(layout, part))
        };
        let parts = state.parts.iter().filter(|part| !is_layout(part));
        let names: Vec<&str> = parts.map(|part| part.name).collect();
        names.join(", ")
    }

    pub(super) fn add_part(&self, part: &Arc<Self>) {
        lock(&self.state).parts.push(Arc::clone(part));
    }

    pub(super) fn set_layout(self: &Arc<Self>, property: &str, value: &str) {
        // Front ends spell them so.
        let property = property.replace('-', "_");
        let mut state = lock(&self.state);
        if let Some(layout) = state.layout.clone() {
            drop(state);
            return layout.set(&property, text(value));
        }
        let values = [(property.as_str(), text(value))];
        let layout = Self::of_module(BASE, "Layout", "LayoutView", "", values);
        state.layout = Some(Arc::clone(&layout));
        state.parts.push(Arc::clone(&layout));
        let shown = state.comm.is_some();
        drop(state);
        if shown {
            layout.show();
        }
        self.set("layout", layout.reference());
    }

    /// Makes the widget known to front ends.
    fn show(self: &Arc<Self>) {
        let parts = lock(&self.state).parts.clone();
        parts.iter().for_each(Self::show);
        let mut state = lock(&self.state);
        if state.comm.is_some() {
            return;
        }
        let data = object([
            ("state", Value::Object(state.values.clone())),
            ("buffer_paths", super::field::list([])),
        ]);
        let message = Message::new(json::to_string(&data)).with_metadata(r#"{"version": "2.1.0"}"#);
        let model = Arc::downgrade(self);
        let hear = move |message: &Message| {
            if let Some(model) = Weak::upgrade(&model) {
                model.hear(message);
            }
        };
        lock(&SHOWN).insert(self.id.clone(), Arc::clone(self));
        state.changed.clear();
        let id = self.id.clone();
        // It is always an object.
        state.comm = Comm::open_as(id, "jupyter.widget", message, Some(Box::new(hear))).ok();
    }

    pub(super) fn view(self: &Arc<Self>, plain: String) -> MimeBundle {
        self.show();
        let view = format!(
            r#"{{"version_major": 2, "version_minor": 0, "model_id": "{}"}}"#,
            self.id
        );
        MimeBundle::text(plain).with("application/vnd.jupyter.widget-view+json", view)
    }

    pub(super) fn close(&self) {
        let comm = lock(&self.state).comm.take();
        if let Some(comm) = comm {
            lock(&SHOWN).remove(&self.id);
            comm.close();
        }
    }

    pub(super) fn watch(&self, event: Event, call: impl Fn() + Send + Sync + 'static) {
        lock(&self.watchers).push(Watcher {
            cell: output::current_target(),
            event,
            call: Arc::new(call),
        });
    }

    fn call_watchers(self: &Arc<Self>, event: Event) {
        // Nobody needs to be told of a change twice before having looked.
        let again = event == Event::Changed && self.calling.swap(true, Ordering::SeqCst);
        if again {
            return;
        }
        let watchers = lock(&self.watchers);
        let calls: Vec<_> = watchers
            .iter()
            .filter(|watcher| watcher.event == event)
            .map(|watcher| (watcher.cell, Arc::clone(&watcher.call)))
            .collect();
        drop(watchers);
        let first = calls.first().map_or(0, |(cell, _)| *cell);
        let model = Arc::clone(self);
        if calls.is_empty() {
            model.calling.store(false, Ordering::SeqCst);
            return;
        }
        call_later(first, move || {
            if event == Event::Changed {
                model.calling.store(false, Ordering::SeqCst);
            }
            for (cell, call) in calls {
                call_later(cell, move || call());
            }
        });
    }

    /// Takes a front end's message.
    fn hear(self: &Arc<Self>, message: &Message) {
        let Ok(data) = json::from_str::<Object>(&message.data.0) else {
            return;
        };
        match data.get("method").and_then(String::of_value).as_deref() {
            Some("update") => {
                if let Some(Value::Object(state)) = data.get("state") {
                    self.take(state);
                }
            }
            Some("request_state") => {
                let state = lock(&self.state);
                state.send("update", state.values.clone());
            }
            Some("custom") => {
                let Some(Value::Object(content)) = data.get("content") else {
                    return;
                };
                match content.get("event").and_then(String::of_value).as_deref() {
                    Some("click") => self.call_watchers(Event::Custom("click")),
                    Some("submit") => self.call_watchers(Event::Custom("submit")),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Takes what a user has changed, and confirms it: to this page, which waits for that, and to others.
    fn take(self: &Arc<Self>, changes: &Object) {
        let mut state = lock(&self.state);
        let mut taken = Object::new();
        for (key, value) in changes {
            if state
                .values
                .get(key)
                .is_some_and(|old| is_alike(old, value))
            {
                state.values.insert(key.clone(), value.clone());
                state.changed.remove(key);
                taken.insert(key.clone(), value.clone());
            }
        }
        let changed = taken.contains_key(self.main);
        state.send("echo_update", taken);
        drop(state);
        if changed {
            self.call_watchers(Event::Changed);
        }
    }
}

/// Sends all changes that wait.
pub(crate) fn flush() {
    let changed = std::mem::take(&mut *lock(&CHANGED));
    for model in changed {
        lock(&model.state).send_changes();
    }
}

/// Notes that front ends have closed a comm.
pub(crate) fn forget(id: &str) {
    let model = lock(&SHOWN).remove(id);
    if let Some(model) = model {
        lock(&model.state).comm = None;
    }
}

/// Each shown widget's id, with the names and the state by which a page makes it anew.
pub(super) fn states() -> Object {
    let shown: Vec<_> = lock(&SHOWN).values().cloned().collect();
    let states = shown.iter().map(|model| {
        let values = lock(&model.state).values.clone();
        let name = |key: &str| values.get(key).cloned().unwrap_or(Value::Null);
        let state = object([
            ("model_name", name("_model_name")),
            ("model_module", name("_model_module")),
            ("model_module_version", name("_model_module_version")),
            ("state", Value::Object(values.clone())),
        ]);
        (model.id.clone(), Value::Object(state))
    });
    states.collect()
}
