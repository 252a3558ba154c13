//! What a child does while its parent's cell runs under `%%timeline`: it is told to the kernel, piece by piece, since a child
//! may be killed at any time.

use std::sync::Mutex;

use crate::process::{frames, output};
use crate::protocol::Event;
use crate::sync::lock_std;
use crate::timeline::Recording;

static STATE: Mutex<State> = Mutex::new(State {
    recording: None,
    maps: String::new(),
});

struct State {
    recording: Option<Recording>,
    /// What was told last of where libraries lie.
    maps: String,
}

/// From now on it is recorded what this process does, or is not.
pub(in crate::multiprocessing) fn set(recorded: bool) {
    let mut state = lock_std(&STATE);
    if recorded != state.recording.is_some() {
        state.recording = recorded.then(Recording::begin).flatten();
    }
}

/// Tells what was recorded so far for the cell that this process works for.
pub(in crate::multiprocessing) fn tell() {
    let mut state = lock_std(&STATE);
    let Some(recording) = state.recording.take() else {
        return;
    };
    let maps = frames::maps();
    let are_new = maps != state.maps;
    let recorded = recording.end(are_new.then(|| maps.clone()));
    state.maps = maps;
    state.recording = Recording::begin();
    drop(state);
    let cell = output::current_cell();
    output::send(&Event::Recorded { cell, recorded });
}
