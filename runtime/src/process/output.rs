//! Output goes to the cell whose thread wrote it.
//!
//! Every thread carries the number of its cell. The macros of this crate's prelude (`print!`,
//! `println!`, ...) format a call's text and hand it over in one piece, with no line buffer that
//! threads would share; everything else that writes to descriptors 1 and 2 is caught by the cell
//! host and comes here too. Outside a cell host (in tests, say) it all goes to the real streams.

pub(crate) mod area;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use crate::display::evcxr;
pub use crate::protocol::Stream;
use crate::protocol::{Event, write_frame};

thread_local! {
    static CELL: Cell<u32> = const { Cell::new(0) };
    static TASK: Cell<Option<u32>> = const { Cell::new(None) };
    /// The cell that started the thread.
    static HOME: Cell<u32> = const { Cell::new(0) };
    /// Whether nobody is to hear of the thread any more.
    static SILENT: Cell<bool> = const { Cell::new(false) };
    static CAPTURE: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Where events go: to the kernel's socket, or to whoever started this process.
type Sink = Box<dyn Fn(&Event) + Send + Sync>;

/// What a thread carries whose output goes to the cell that runs.
pub(crate) const WHOEVER_RUNS: u32 = crate::protocol::crash::POOLS;

static SINK: RwLock<Option<Arc<Sink>>> = RwLock::new(None);
static RUNNING: AtomicU32 = AtomicU32::new(0);
/// The cell whose output is not shown; 0 for none.
static MUTED: AtomicU32 = AtomicU32::new(0);
static BEFORE_OUTPUT: OnceLock<fn()> = OnceLock::new();

/// Pieces are cut at this size, so that no frame grows without bound.
const PIECE: usize = 1 << 18;

/// Connects this process to its kernel: from now on output travels as events. `before_output` is
/// called before each piece (the host sends on what child processes wrote earlier).
pub(crate) fn connect(link: &'static UnixStream, before_output: fn()) {
    set_sink(Box::new(move |event| {
        let _writing = hold();
        // When the kernel is gone this process is about to end.
        let _ = write_frame(&mut &*link, event);
    }));
    let _ = BEFORE_OUTPUT.set(before_output);
}

/// While this is held nothing is sent to the kernel, and no frame is half sent.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    static WRITING: Mutex<()> = Mutex::new(());
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on events go here.
pub(crate) fn set_sink(sink: Sink) {
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(sink));
}

fn sink() -> Option<Arc<Sink>> {
    SINK.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether this process is a cell host, or a child of one.
pub(crate) fn is_connected() -> bool {
    let sink = SINK.read().unwrap_or_else(PoisonError::into_inner);
    sink.is_some()
}

/// Sends an event to the kernel. Outside a cell host, what a child process has to say goes to the
/// real streams.
pub(crate) fn send(event: &Event) {
    crate::host::note_deed();
    if SILENT.try_with(Cell::get).unwrap_or(false) || area::take(event) {
        return;
    }
    if let Some(sink) = sink() {
        if !is_muted(event) {
            sink(event);
        }
        return;
    }
    match event {
        Event::Output { stream, bytes, .. } => write_plainly(*stream, bytes),
        Event::Display { data, .. } => {
            let text = data.iter().find(|(mime, _)| mime == "text/plain");
            if let Some((_, text)) = text {
                write_plainly(Stream::Stdout, format!("{text}\n").as_bytes());
            }
        }
        Event::Panic { panic, .. } => {
            write_plainly(Stream::Stderr, format!("{panic}\n").as_bytes());
        }
        _ => {}
    }
}

/// Nothing that the running cell and its threads print or display is shown while this lives.
pub(crate) struct Mute(());

/// Mutes the running cell.
pub(crate) fn mute() -> Mute {
    MUTED.store(running_cell(), Ordering::Relaxed);
    Mute(())
}

impl Drop for Mute {
    fn drop(&mut self) {
        MUTED.store(0, Ordering::Relaxed);
    }
}

fn is_muted(event: &Event) -> bool {
    let muted = MUTED.load(Ordering::Relaxed);
    let shown = matches!(
        event,
        Event::Output { cell, .. } | Event::Display { cell, .. } | Event::ClearOutput { cell, .. }
            if *cell == muted
    );
    muted != 0 && shown
}

fn write_plainly(stream: Stream, bytes: &[u8]) {
    let _ = match stream {
        Stream::Stdout => std::io::stdout().write_all(bytes),
        Stream::Stderr => std::io::stderr().write_all(bytes),
    };
}

/// The cell that the current thread belongs to, or its task if it runs one for another cell.
#[doc(hidden)]
pub fn current_cell() -> u32 {
    area::cell_of(current_area())
}

/// Where the current thread's output goes: to its cell, or to an [area](area::Area) in it. A thread of a rayon pool
/// works for whoever runs, and so does one that carries [`WHOEVER_RUNS`].
pub(crate) fn current_area() -> u32 {
    if let Ok(Some(cell)) = TASK.try_with(Cell::get) {
        return cell;
    }
    let own = CELL.try_with(Cell::get).unwrap_or(0);
    let running = RUNNING.load(Ordering::Relaxed);
    if own == WHOEVER_RUNS || own != running && rayon::current_thread_index().is_some() {
        return running;
    }
    own
}

/// Makes the current thread one of `cell`, which may be an area.
#[doc(hidden)]
pub fn enter_cell(cell: u32) {
    let _ = CELL.try_with(|own| own.set(cell));
}

/// Notes which cell has started the current thread.
pub(crate) fn note_home(cell: u32) {
    let _ = HOME.try_with(|home| home.set(cell));
}

/// The cell that has started the current thread, or the task that it runs; [`WHOEVER_RUNS`] for one of a pool that works
/// for whoever runs. It takes no lock.
pub(crate) fn home() -> u32 {
    let works_for_all = CELL.try_with(Cell::get) == Ok(WHOEVER_RUNS);
    if works_for_all || rayon::current_thread_index().is_some() {
        return WHOEVER_RUNS;
    }
    if let Ok(Some(task)) = TASK.try_with(Cell::get)
        && !area::is_one(task)
    {
        return task;
    }
    HOME.try_with(Cell::get).unwrap_or(0)
}

/// From now on nobody hears of the current thread.
pub(crate) fn silence_thread() {
    let _ = SILENT.try_with(|silent| silent.set(true));
}

/// Says for which cell, or area, the current thread runs a task, if it does; gives what it was before.
pub(crate) fn enter_task(cell: Option<u32>) -> Option<u32> {
    TASK.try_with(|task| task.replace(cell)).unwrap_or(None)
}

/// Runs something whose output goes to a cell, or to an area, and so does that of the threads that it starts.
pub(crate) fn within<R>(area: u32, body: impl FnOnce() -> R) -> R {
    /// Brings back what the thread did before.
    struct Back(Option<u32>);
    impl Drop for Back {
        fn drop(&mut self) {
            enter_task(self.0);
        }
    }
    // Nested, when a task that waits in rayon takes another one meanwhile.
    let _back = Back(enter_task(Some(area)));
    body()
}

/// Makes `cell` the one that runs, on the current thread.
pub(crate) fn run_cell(cell: u32) {
    RUNNING.store(cell, Ordering::Relaxed);
    enter_cell(cell);
}

/// The cell that runs, or ran last.
pub(crate) fn running_cell() -> u32 {
    RUNNING.load(Ordering::Relaxed)
}

/// Collects what the current thread prints while `f` runs, instead of sending it.
pub(crate) fn capture(f: &mut dyn FnMut() -> bool) -> (bool, Vec<u8>) {
    let outer = CAPTURE.with(|capture| capture.replace(Some(Vec::new())));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let text = CAPTURE
        .with(|capture| capture.replace(outer))
        .unwrap_or_default();
    match result {
        Ok(result) => (result, text),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Writes bytes to a stream of the current thread's cell, in one piece.
#[doc(hidden)]
pub fn write(stream: Stream, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let captured = stream == Stream::Stdout
        && CAPTURE
            .try_with(|capture| match capture.try_borrow_mut().as_deref_mut() {
                Ok(Some(buffer)) => {
                    buffer.extend_from_slice(bytes);
                    true
                }
                _ => false,
            })
            .unwrap_or(false);
    if captured || stream == Stream::Stdout && evcxr::take_in(bytes) {
        return;
    }
    let area = current_area();
    if !is_connected() && !area::is_one(area) {
        return write_plainly(stream, bytes);
    }
    if let Some(before_output) = BEFORE_OUTPUT.get() {
        before_output();
    }
    write_for(area, stream, bytes);
}

/// Writes bytes to a stream of `cell`, which may be an area.
pub(crate) fn write_for(cell: u32, stream: Stream, bytes: &[u8]) {
    for piece in bytes.chunks(PIECE) {
        send(&Event::Output {
            cell,
            stream,
            bytes: piece.to_vec(),
        });
    }
}

/// What `print!` and `eprint!` expand to.
#[doc(hidden)]
pub fn print(stream: Stream, text: fmt::Arguments<'_>) {
    match text.as_str() {
        Some(text) => write(stream, text.as_bytes()),
        None => write(stream, text.to_string().as_bytes()),
    }
}

/// What `println!` and `eprintln!` expand to.
#[doc(hidden)]
pub fn println(stream: Stream, text: fmt::Arguments<'_>) {
    let mut line = text.to_string();
    line.push('\n');
    write(stream, line.as_bytes());
}
