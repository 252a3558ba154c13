//! What a thread can wait for.

macro_rules! wanted {
    ($($kind:ident: $name:literal,)*) => {
        /// The kind of thing that a thread waits for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Wanted {
            $($kind,)*
        }

        impl Wanted {
            /// In a sentence: a thread waits for ...
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            pub(super) const ALL: &[Self] = &[$(Self::$kind),*];
        }
    };
}

wanted! {
    Lock: "a Lock",
    RLock: "an RLock",
    Condition: "a Condition",
    Semaphore: "a Semaphore",
    Event: "an Event",
    Barrier: "a Barrier",
    Thread: "the end of a Thread",
    Queue: "a Queue",
    Future: "a Future",
    Process: "the end of a Process",
    Input: "a line of input",
    Report: "this report",
}

/// What a thread waits for: the kind, and the object by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) wanted: Wanted,
    pub(crate) object: usize,
}
