//! Things in the page that a user can move, and that cells can read and change: Python's ipywidgets.
//!
//! They need a front end with ipywidgets 8: JupyterLab with the Python package `jupyterlab_widgets`, or VS Code. Elsewhere
//! stands their text. nbconvert keeps their last state; its HTML draws them with a script from the network.
//!
//! ```
//! use woozle::widgets::{HBox, IntSlider, Label};
//!
//! let speed = IntSlider::new(0..=100).with_value(20).with_description("speed");
//! let text = Label::new("not moved yet");
//! speed.on_change({
//!     let text = text.clone();
//!     move |speed| text.set_value(format!("{speed} woozles an hour"))
//! });
//! HBox::new(&[&speed, &text])     // as a last expression it shows
//! # ;
//! # assert_eq!(speed.value(), 20);
//! ```
//!
//! | ipywidgets | Woozle |
//! | --- | --- |
//! | `IntSlider`, `FloatSlider` | [`IntSlider`], [`FloatSlider`] |
//! | `IntProgress`, `FloatProgress` | [`IntProgress`], [`FloatProgress`]; for iterators, [`progress`](crate::progress) |
//! | `Text`, `Textarea`, `Label`, `HTML` | [`Text`], [`Textarea`], [`Label`], [`Html`] |
//! | `Checkbox`, `Dropdown`, `Button` | [`Checkbox`], [`Dropdown`], [`Button`] |
//! | `HBox`, `VBox` | [`HBox`], [`VBox`] |
//! | `w.value` | `w.value()`, `w.set_value(..)`, from any thread |
//! | `w.observe(f, "value")` | `w.on_change(f)` |
//! | `IntSlider(value=3, description="n")` | `IntSlider::new(0..=9).with_value(3).with_description("n")` |
//! | `w.layout.width = "80%"` | `w.set_layout("width", "80%")` |
//! | `w.close()` | `w.close()`; a widget that is dropped stays in the page and goes on calling |
//! | `with out: ...`, `out.clear_output()` | `out.capture(\|\| ..)`, `out.clear(false)` of an [`Output`] |
//! | `interact(f, a=slider, b=box)` | [`interact`]`((&slider, &box), \|(a, b)\| ..)` |
//! | any other widget | not there; [`comm`](crate::comm) is the way to it |
//!
//! Callbacks run one after another on a thread of the runtime, also while a cell runs. A callback that is slower than the
//! user's hand is called with the newest value; those in between are left out. Changes made by cells are
//! sent up to 20 times a second; the last one always is.

#[macro_use]
mod macros;

mod button;
mod choice;
mod container;
mod control;
mod field;
mod interact;
mod model;
mod model_state;
mod number;
mod output;
mod text;
mod widget;

pub use button::{Button, Style};
pub use choice::{Checkbox, Dropdown};
pub use container::{HBox, VBox};
pub(crate) use control::join_comms;
pub use interact::{Input, Inputs, interact};
pub(crate) use model::flush;
pub use number::{FloatProgress, FloatSlider, IntProgress, IntSlider};
pub use output::Output;
pub use text::{Html, Label, Text, Textarea};
pub use widget::Widget;
