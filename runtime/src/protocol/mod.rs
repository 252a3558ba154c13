//! What the kernel and the cell host say to each other: postcard frames over a Unix socket.
//!
//! Nothing of the protocol ever travels in what the user's program prints.

pub mod crash;
mod descriptor;
mod frame;
mod library;
mod place;
mod threads;
mod timeline;
mod wording;

pub use descriptor::{receive_descriptor, send_descriptor};
pub use frame::{read_frame, write_frame};
pub use library::{
    CRATE, ENTRY, ITEMS_MARK, NAME_END, NOTEBOOK, cell_of_library, library_name, with_crates_as,
    without_crates,
};
pub use place::{Frame, Place};
use serde::{Deserialize, Serialize};
pub use threads::{Activity, LockReport, ProcessReport, ThreadReport};
pub use timeline::{Action, Recorded, RecordedThread, ThreadEvent};
pub use wording::thread_shown;

/// Which of a cell's two streams a piece of output belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How many threads can be left out, at most, when a copy of the cell host wakes up. What wakes it is a byte that says whether another
/// copy is to sleep in its place, a byte with the number of threads that are left out, and their thread pointers.
pub const MOST_LEFT_OUT: usize = 16;

/// What the kernel asks of the cell host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Load a cell's library without running it (a new host gets the items of earlier cells so).
    Load {
        /// The library's path.
        library: String,
    },
    /// Load a cell's library and run its statements.
    Run(Run),
    /// Drop these variables: their names now mean something else.
    Forget {
        /// The variables' names.
        names: Vec<String>,
    },
    /// The answer to [`Event::InputRequest`] or [`Event::ThreadsRequest`]; `None` when there is nobody to ask.
    Input {
        /// The request's number.
        number: u64,
        /// The line that was typed, without its end; or what is said of the threads.
        line: Option<String>,
    },
    /// A front end's message on a comm.
    Comm(Comm),
    /// Say what the threads do, also while a cell runs.
    Threads {
        /// The number of the question, if the user's code has asked: its answer is [`Command::Input`].
        number: Option<u64>,
    },
    /// Interrupt the cell that runs.
    Interrupt,
    /// Put the code back to what its files say: a debugger was killed, which had its breakpoints there.
    PutBackCode,
    /// Make a copy of the process, from which the session can go on. Sent while no cell runs.
    Checkpoint {
        /// The copy's name.
        id: u64,
    },
    /// From now on the process, and its children, may allocate so many bytes each; `None`: as many as the
    /// system lets them.
    Limit {
        /// Bytes.
        memory: Option<u64>,
    },
    /// A thread has crashed, so it is not in this copy of the process any more.
    Crashed {
        /// What tells it from others: its thread pointer.
        thread: u64,
        /// What it did: `crashed: ...`
        how: String,
    },
    /// End the process.
    Shutdown,
}

/// A copy of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Its process id.
    pub pid: i32,
    /// How many threads it has besides the main one.
    pub threads: u32,
    /// Processor time that making it took; the process stood still meanwhile.
    pub microseconds: u64,
    /// How many bytes of memory the process has.
    pub resident: u64,
}

/// One cell to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The cell's number; everything that its threads print carries it.
    pub cell: u32,
    /// The library's path.
    pub library: String,
    /// The symbol of the function that runs the cell's statements; `None` if it has none.
    pub entry: Option<String>,
    /// For a client that drops late output: wait this long (in milliseconds) at most for the
    /// threads of the cell to settle before the cell counts as done.
    pub settle: Option<u64>,
    /// Whether it is recorded what its threads do.
    pub recorded: bool,
}

/// What the cell host tells the kernel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The host is up.
    Ready,
    /// From here on something of a cell may have happened.
    Begun {
        /// The cell.
        cell: u32,
    },
    /// A cell's thread wrote something.
    Output {
        /// The cell of the thread that wrote.
        cell: u32,
        /// Where to.
        stream: Stream,
        /// The bytes, as they were written.
        bytes: Vec<u8>,
    },
    /// The value of a cell's last expression.
    Value {
        /// The cell.
        cell: u32,
        /// Representations by mime type.
        bundle: Vec<(String, String)>,
    },
    /// Something to be shown in a cell, or put in the place of what is shown under the same id.
    Display {
        /// The cell.
        cell: u32,
        /// Representations by mime type.
        data: Vec<(String, String)>,
        /// The name under which it can be updated.
        display_id: Option<String>,
        /// Whether it updates what was shown before.
        update: bool,
    },
    /// A cell's output so far is to vanish.
    ClearOutput {
        /// The cell.
        cell: u32,
        /// Whether to wait for the next output, so that nothing flickers.
        wait: bool,
    },
    /// A message on a comm from the user's code.
    Comm(Comm),
    /// A thread other than the cell's own panicked, or a panic of the cell was caught by the
    /// user's code.
    Panic {
        /// The cell of the thread.
        cell: u32,
        /// What happened.
        panic: Panic,
    },
    /// The cell reads from standard input.
    InputRequest {
        /// The cell.
        cell: u32,
        /// Tells it apart from others; for the answer.
        number: u64,
        /// The prompt, possibly empty.
        prompt: String,
        /// Whether what is typed is not to be seen.
        password: bool,
    },
    /// The cell cannot go on: threads wait for each other.
    Deadlock {
        /// The cell.
        cell: u32,
        /// Whether all do.
        all: bool,
        /// Those that wait.
        threads: Vec<ThreadReport>,
        /// What `/proc/self/maps` says.
        maps: String,
    },
    /// The user's code wants to know what the threads do: [`Command::Threads`] with this number is to follow.
    ThreadsRequest {
        /// Tells it apart from others.
        number: u64,
    },
    /// The answer to [`Command::Threads`].
    Threads {
        /// The number that was asked with.
        number: Option<u64>,
        /// What they do.
        report: ProcessReport,
    },
    /// The cell has ended.
    Done {
        /// The cell.
        cell: u32,
        /// How it ended.
        outcome: Outcome,
        /// The variables that the cell stored.
        stored: Vec<Stored>,
        /// Threads of the cell that were still busy when the wait for them was cut short.
        unsettled: usize,
        /// Threads of the user's that live on.
        threads: usize,
        /// How long it took.
        timing: Timing,
    },
    /// What a cell's benchmark has measured.
    Measured {
        /// The cell.
        cell: u32,
        /// The measurements.
        measured: Measured,
    },
    /// What a process has done for a cell; there may be several of one process.
    Recorded {
        /// The cell.
        cell: u32,
        /// What was recorded.
        recorded: Recorded,
    },
    /// Whether a copy of the process was made.
    Checkpoint {
        /// The copy's name.
        id: u64,
        /// The copy, or why there is none.
        made: Result<Copied, String>,
    },
    /// The process is a copy that has been woken.
    Resumed,
    /// A library could not be loaded.
    LoadFailed {
        /// The library's path.
        library: String,
        /// Why.
        reason: String,
    },
}

/// A message on a comm: a channel between a front end's widget and the user's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comm {
    /// The cell that speaks; 0 where a front end does.
    pub cell: u32,
    /// The header, as JSON, of the front end's message: of this one, or of the one that this answers.
    pub header: Option<String>,
    /// What happens.
    pub kind: CommKind,
    /// The comm.
    pub comm_id: String,
    /// A JSON object.
    pub data: String,
    /// A JSON object.
    pub metadata: String,
    /// Binary data that JSON cannot hold.
    pub buffers: Vec<Vec<u8>>,
}

/// What a message does to its comm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommKind {
    /// Opens it.
    Open {
        /// Who is to take it on the other side.
        target_name: String,
    },
    /// Neither.
    Message,
    /// Closes it.
    Close,
}

/// How long a cell took, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Loading its library.
    pub load: u64,
    /// Running its statements.
    pub run: u64,
    /// The processor time of the process meanwhile, all its threads together.
    pub cpu: u64,
}

/// The measurements of a benchmark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The first run, which may have found caches cold, in nanoseconds.
    pub first: u64,
    /// How many runs a sample consists of.
    pub runs: u64,
    /// How long each sample took, in nanoseconds.
    pub samples: Vec<u64>,
}

/// How a cell ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// To its last line.
    Completed,
    /// By `?` on an error.
    Failed {
        /// The error's type, without its module path.
        type_name: String,
        /// What the error says.
        message: String,
        /// Where the `?` stands, if it was one.
        place: Option<Place>,
    },
    /// By a panic.
    Panicked(Panic),
    /// By an interrupt.
    Interrupted {
        /// Where it was noticed, which may be in the runtime.
        place: Place,
        /// The calls of functions of cells that were left, the innermost first.
        frames: Vec<Frame>,
    },
}

/// A panic, as its hook saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// The thread's name, if it has one.
    pub thread: Option<String>,
    /// The message.
    pub message: String,
    /// Where; unknown when the user's own panic hook kept it.
    pub place: Option<Place>,
    /// The calls of functions of cells, the innermost first.
    pub frames: Vec<Frame>,
}

/// A variable that a cell stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// Its type, as `std::any::type_name` spells it.
    pub type_name: String,
    /// Whether its value, or what was put into a box to have a type, does something at its end.
    pub has_end: bool,
}

#[cfg(test)]
mod tests;
