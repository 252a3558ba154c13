//! Showing in the middle of a cell, and changing what is shown.

use super::{MimeBundle, Show};
use crate::process::output;
use crate::protocol::Event;

/// Something that is shown and can be changed. Python: `IPython.display.DisplayHandle`.
///
/// ```
/// use woozle::display::{Text, display};
///
/// let shown = display(&Text::new("working"));
/// shown.update(&Text::new("done"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DisplayHandle {
    id: String,
}

impl DisplayHandle {
    /// The name by which [`update_display`] finds it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Puts another value in its place, also when a later cell runs. Once its cell has been run again it is
    /// gone, and nothing happens.
    pub fn update(&self, value: &(impl Show + ?Sized)) {
        update_display(&self.id, value);
    }

    /// Shows a value once more, in the current thread's cell; updates change both.
    pub fn display(&self, value: &(impl Show + ?Sized)) {
        send(
            output::current_target(),
            value.mime_bundle(),
            &self.id,
            false,
        );
    }
}

/// Shows a value in the current thread's cell. Python: `IPython.display.display`.
///
/// [`display!`](crate::display!) does it for values of any type.
pub fn display(value: &(impl Show + ?Sized)) -> DisplayHandle {
    display_as(&output::random_id(), value)
}

/// Shows a value under a name, by which it can be updated: `display(..., display_id="...")`.
///
/// ```
/// use woozle::display::{Text, display_as, update_display};
///
/// display_as("temperature", &Text::new("20 °C"));
/// update_display("temperature", &Text::new("21 °C"));
/// ```
pub fn display_as(id: &str, value: &(impl Show + ?Sized)) -> DisplayHandle {
    let handle = DisplayHandle { id: id.to_owned() };
    handle.display(value);
    handle
}

/// Changes all that is shown under a name. Python: `IPython.display.update_display`.
pub fn update_display(id: &str, value: &(impl Show + ?Sized)) {
    // A headless client hears of the running cell alone.
    let cell = match output::running_cell() {
        0 => output::current_cell(),
        running => running,
    };
    send(cell, value.mime_bundle(), id, true);
}

/// Takes away what the current thread's cell has shown so far. With `wait`, only when there is something new
/// to show, so that nothing flickers. Python: `IPython.display.clear_output`.
///
/// ```
/// for n in 0..3 {
///     woozle::display::clear_output(true);
///     woozle::println!("round {n}");
/// }
/// ```
pub fn clear_output(wait: bool) {
    output::send(&Event::ClearOutput {
        cell: output::current_target(),
        wait,
    });
}

pub(crate) fn send(cell: u32, bundle: MimeBundle, id: &str, update: bool) {
    output::send(&Event::Display {
        cell,
        data: bundle.into_pairs(),
        display_id: Some(id.to_owned()),
        update,
    });
}
