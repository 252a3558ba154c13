//! What all threads do, in words.

use std::fmt::Write as _;

use crate::process::question;
use crate::threading::enumerate;
use crate::wait;

/// What each thread does at this moment: whether it computes, sleeps or waits, for what and where, and who holds that.
///
/// In a notebook it is the text of `:threads`, with the user's lines. Elsewhere, as in the processes of a pool, it names
/// the threads of [`threading`](crate::threading) alone, and what they wait for. Python: `faulthandler.dump_traceback(all_threads=True)`,
/// which prints it.
///
/// ```
/// use woozle::threading::{Event, Thread, report};
///
/// let stop = Event::new();
/// let t = Thread::builder().name("pooh").spawn({ let stop = stop.clone(); move || stop.wait() })?;
/// while !report().contains("pooh waits for an Event") {
///     std::thread::yield_now();
/// }
/// stop.set();
/// t.join()?;
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
pub fn report() -> String {
    question::ask_for_threads().unwrap_or_else(own)
}

/// What the runtime knows by itself.
fn own() -> String {
    let waiting = wait::waiting();
    let mut text = String::new();
    for thread in enumerate() {
        let id = thread.native_id().map(u32::cast_signed);
        let wanted = waiting.iter().find(|(other, _)| Some(*other) == id);
        let _ = match wanted {
            Some((_, waiting)) => {
                writeln!(
                    text,
                    "{} waits for {}",
                    thread.name(),
                    waiting.wanted.name()
                )
            }
            None => writeln!(text, "{} is alive", thread.name()),
        };
    }
    text.truncate(text.trim_end().len());
    text
}
