//! Output goes to the cell whose thread wrote it.
//!
//! Every thread carries the number of its cell. The macros of this crate's prelude (`print!`,
//! `println!`, ...) format a call's text and hand it over in one piece, with no line buffer that
//! threads would share; everything else that writes to descriptors 1 and 2 is caught by the cell
//! host and comes here too. Outside a cell host (in tests, say) it all goes to the real streams.

pub(crate) mod area;
pub(crate) mod evcxr;
pub(crate) mod foreign;
mod thread_cell;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use crate::process::side_effects;
pub use crate::protocol::Stream;
use crate::protocol::{Event, write_frame};
use crate::sync::lock_std;
use crate::timeline;
pub use thread_cell::enter_cell;
pub(crate) use thread_cell::{
    CURRENT_CELL, current_target, enter_task, origin_cell, run_cell, running_cell, set_origin_cell,
    within,
};

thread_local! {
    /// Whether nobody is to hear of the thread any more.
    static SILENT: Cell<bool> = const { Cell::new(false) };
    static CAPTURE: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Where events go: to the kernel's socket, or to whoever started this process.
type Sink = Box<dyn Fn(&Event) + Send + Sync>;

static SINK: RwLock<Option<Arc<Sink>>> = RwLock::new(None);
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
    self::before_output(before_output);
}

/// From now on this is called before each piece of output.
pub(crate) fn before_output(call: fn()) {
    let _ = BEFORE_OUTPUT.set(call);
}

/// While this is held nothing is sent to the kernel, and no frame is half sent.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    static WRITING: Mutex<()> = Mutex::new(());
    lock_std(&WRITING)
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
    side_effects::note();
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
    area::cell_of(current_target())
}

/// From now on nobody hears of the current thread.
pub(crate) fn silence_thread() {
    let _ = SILENT.try_with(|silent| silent.set(true));
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
    if captured || stream == Stream::Stdout && evcxr::take_in(bytes, show_blocks) {
        return;
    }
    timeline::prints(bytes);
    let area = current_target();
    if !is_connected() && !thread_cell::is_area(area) {
        return write_plainly(stream, bytes);
    }
    if let Some(before_output) = BEFORE_OUTPUT.get() {
        before_output();
    }
    write_for(area, stream, bytes);
}

/// Shows the blocks that were printed by `evcxr_display`.
fn show_blocks(printed: &[u8]) {
    let printed = String::from_utf8_lossy(printed);
    let mut bundle: Vec<(String, String)> = Vec::new();
    for (mime, data) in evcxr::blocks(&printed, &mut |text| write(Stream::Stdout, text)) {
        bundle.retain(|(other, _)| *other != mime);
        bundle.push((mime, data));
    }
    if !bundle.is_empty() {
        send(&Event::Display {
            cell: current_target(),
            data: bundle,
            display_id: Some(random_id()),
            update: false,
        });
    }
}

/// What is shown has its own name for good: a notebook outlives its kernel.
pub(crate) fn random_id() -> String {
    format!("{:032x}", rand::random::<u128>())
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
