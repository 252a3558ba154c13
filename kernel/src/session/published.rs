//! What is known of the session, for answers that are given while a cell runs.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use tokio::sync::oneshot;
use woozle::protocol::Command;

use crate::build::deps::requested::Specs;
use crate::build::toolchain::Toolchain;
use crate::compiler::resolve::held::OPEN_TYPE;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::item::Kind;
use crate::debugger::{self, Debugger};
use crate::server::{CommMessage, Comms, Parent, Variable};
use crate::session::assist::{Assistant, Snapshot};
use crate::session::output::asked::Asked;
use crate::session::output::comm::to_host;
use crate::session::output::router::OutputRouter;
use crate::session::report::spelling::plain_type;
use crate::system::lock::LockUnpoisoned as _;

/// The last snapshot, and the ways to and from the user's code that need no cell.
#[derive(Debug, Default)]
pub(crate) struct Published {
    last: Mutex<Arc<Snapshot>>,
    pub(crate) router: Arc<OutputRouter>,
    host: Mutex<Option<Sender<Command>>>,
    pub(crate) asked_for_threads: Asked,
    assistant: OnceLock<Assistant>,
    pub(crate) debugger: Arc<Debugger>,
}

impl Published {
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock())
    }

    /// Notes what is defined after a cell. Values stay until they are looked at again.
    pub(crate) fn publish(&self, scope: &Scope, dependencies: &Specs) {
        let mut last = self.lock();
        let is_same = |name: &String| {
            let now = scope.variables.get(name);
            now.is_some() && now == last.scope.variables.get(name)
        };
        let values = last.values.iter().filter(|(name, _)| is_same(name));
        let values = values.map(|(name, text)| (name.clone(), text.clone()));
        let snapshot = Snapshot {
            scope: scope.clone(),
            crates: dependencies.clone(),
            values: values.collect(),
        };
        *last = Arc::new(snapshot);
    }

    /// Notes the values of all variables that have a text.
    pub(crate) fn note_values(&self, values: Vec<(String, String)>) {
        let mut last = self.lock();
        let snapshot = Snapshot {
            scope: last.scope.clone(),
            crates: last.crates.clone(),
            values: values.into_iter().collect(),
        };
        *last = Arc::new(snapshot);
    }

    /// The variables that have a value.
    pub(crate) fn variables(&self) -> Vec<Variable> {
        let snapshot = self.snapshot();
        let variables = snapshot.scope.variables.iter();
        let present = variables.filter(|(_, variable)| variable.moved_by.is_none());
        let shown = present.map(|(name, variable)| Variable {
            name: name.clone(),
            type_name: plain_type(&variable.ty),
            value: snapshot.values.get(name).cloned(),
        });
        let open = snapshot.scope.open().map(|(_, binding)| Variable {
            name: binding.name.clone(),
            type_name: OPEN_TYPE.to_owned(),
            value: None,
        });
        let is_open = |name: &str| snapshot.scope.open_variable(name).is_some();
        shown
            .filter(|variable| !is_open(&variable.name))
            .chain(open)
            .collect()
    }

    /// Passes a front end's comm message to the user's code; false if there is no host for it.
    pub(crate) fn comm(&self, message: &CommMessage, parent: &Parent, comms: &Comms) -> bool {
        self.router.note_comms(comms);
        let host = self.host.lock_unpoisoned();
        host.as_ref()
            .is_some_and(|host| host.send(Command::Comm(to_host(message, parent))).is_ok())
    }

    /// Asks the host what its threads do. The text comes while a cell runs.
    pub(crate) fn ask_for_threads(&self) -> Option<oneshot::Receiver<String>> {
        let host = self.host.lock_unpoisoned();
        let text = self.asked_for_threads.note();
        let sent = host.as_ref()?.send(Command::Threads { number: None });
        sent.is_ok().then_some(text)
    }

    /// From now on the analyzer for this toolchain helps to write cells.
    pub(crate) fn note_toolchain(&self, toolchain: &Toolchain) {
        self.assistant.get_or_init(|| Assistant::new(toolchain));
        self.debugger.note_toolchain(toolchain);
    }

    /// What helps to write cells.
    pub(crate) fn assistant(&self) -> &Assistant {
        self.assistant.get_or_init(Assistant::alone)
    }

    /// Notes the host that now runs the cells.
    pub(crate) fn note_host(&self, host: Sender<Command>) {
        let mut known = self.host.lock_unpoisoned();
        *known = Some(host);
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Snapshot>> {
        self.last.lock_unpoisoned()
    }
}

impl debugger::Session for Published {
    fn variables(&self) -> Vec<Variable> {
        Self::variables(self)
    }

    fn statics(&self) -> Vec<String> {
        let snapshot = self.snapshot();
        let items = snapshot.scope.items.iter();
        let statics = items.filter(|live| live.item.kind == Kind::Static);
        statics.flat_map(|live| live.item.names.clone()).collect()
    }
}
