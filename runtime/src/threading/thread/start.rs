//! The life of a thread: started, run, ended.

use std::num::NonZeroU64;

use crate::threading::error::ThreadError;
use crate::threading::thread::any::AnyThread;
use crate::threading::thread::panics;
use crate::threading::thread::panics::excepthook;
use crate::threading::thread::panics::excepthook::ExceptHookArgs;
use crate::threading::thread::thread_panic::ThreadPanic;
use crate::threading::thread::{ident, registry};
use crate::timeline;

impl AnyThread {
    /// Starts the thread.
    pub(in crate::threading) fn try_start(&self) -> Result<(), ThreadError> {
        let ident = ident::next();
        if !self.core().begin(ident) {
            return Err(ThreadError::AlreadyStarted(self.name()));
        }
        registry::insert(ident, self.clone());
        self.spawn(ident).map_err(|source| {
            registry::remove(self);
            self.core().unbegin();
            ThreadError::Spawn {
                name: self.name(),
                source,
            }
        })
    }

    fn spawn(&self, ident: NonZeroU64) -> std::io::Result<()> {
        // The system's name ends at a zero byte, and std refuses one inside.
        let builder = std::thread::Builder::new().name(self.name().replace('\0', ""));
        let builder = match self.core().stack_size {
            Some(size) => builder.stack_size(size),
            None => builder,
        };
        let thread = self.clone();
        builder.spawn(move || thread.run(ident)).map(drop)
    }

    /// The life of a thread of ours, in that thread.
    fn run(self, ident: NonZeroU64) {
        ident::set(ident);
        self.core().set_native_id(ident::native());
        registry::set_current(self.clone());
        timeline::named(&self.name());
        let target = self.core().take_target();
        let outcome = panics::catch(move || {
            if let Some(target) = target {
                target();
            }
        });
        let panic = outcome.err();
        if let Some(panic) = &panic {
            excepthook::report(&ExceptHookArgs {
                thread: self.clone(),
                panic: panic.clone(),
            });
        }
        self.finish(panic);
    }

    fn finish(&self, panic: Option<ThreadPanic>) {
        registry::remove(self);
        self.core().end(panic);
    }
}
