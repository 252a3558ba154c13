//! What a thread is made with.

use crate::threading::thread::any::AnyThread;
use crate::threading::thread::core::{Core, Target};
use crate::threading::thread::registry;
use crate::threading::thread::target::default_name;

/// A thread's settings; what is none is as usual.
#[derive(Default)]
pub(in crate::threading) struct Settings {
    pub(in crate::threading) name: Option<String>,
    pub(in crate::threading) daemon: Option<bool>,
    pub(in crate::threading) stack_size: Option<usize>,
}

impl Settings {
    /// The object of a thread that will run `target`, whose type is called so.
    pub(in crate::threading) fn object(self, type_name: &str, target: Target) -> AnyThread {
        let name = self.name.unwrap_or_else(|| default_name(type_name));
        let daemon = self
            .daemon
            .unwrap_or_else(|| registry::known_current().is_some_and(|thread| thread.daemon()));
        let core = Core::new(name.into(), daemon, self.stack_size);
        core.set_target(target);
        AnyThread::from_core(core)
    }
}
