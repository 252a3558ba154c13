//! What the primitives ask of the process, which is none of a session's here.

#[path = "../../../../runtime/src/process/panics/payload.rs"]
pub(crate) mod payload;
pub(crate) mod thread_ids;

/// There is no cell that could be interrupted.
pub(crate) mod interrupt {
    pub(crate) fn check() {}
}

/// No debugger is attached.
pub(crate) mod debugger {
    pub(crate) fn note_ident(_ident: u64, _thread: u32) {}
}

/// There is nobody to ask.
pub(crate) mod question {
    pub(crate) fn ask_for_threads() -> Option<String> {
        None
    }
}

pub(crate) mod role {
    pub(crate) fn is_child() -> bool {
        false
    }
}

/// What panics say.
pub(crate) mod panics {
    pub(crate) use super::payload;

    pub(crate) mod hook {
        use std::panic::Location;

        pub(crate) fn shown(place: &Location<'_>) -> String {
            place.to_string()
        }

        pub(crate) fn backtrace() -> String {
            String::new()
        }
    }
}

/// Tasks belong to no cell.
pub(crate) mod task_origin {
    #[derive(Debug)]
    pub(crate) struct TaskOrigin;

    impl TaskOrigin {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn run<R>(&self, body: impl FnOnce() -> R) -> R {
            body()
        }

        pub(crate) fn lost(&self) -> impl FnOnce() + Send + use<> {
            || ()
        }
    }
}
