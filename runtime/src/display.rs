//! How the value of a cell's last expression is shown.

use std::fmt::Debug;

use crate::output;
use crate::protocol::Event;

/// Says that a type has no `evcxr_display` of its own.
#[doc(hidden)]
pub struct NotRich;

/// What calling `evcxr_display` gave: a type's own method returns nothing.
#[doc(hidden)]
pub trait Rich {
    /// Whether the type showed itself.
    fn shown(&self) -> bool;
}

impl Rich for NotRich {
    fn shown(&self) -> bool {
        false
    }
}

impl Rich for () {
    fn shown(&self) -> bool {
        true
    }
}

/// Gives every type an `evcxr_display`, behind the one that it may have itself.
#[doc(hidden)]
pub trait ByEvcxr {
    /// Shows nothing.
    fn evcxr_display(&self) -> NotRich {
        NotRich
    }
}

impl<T: ?Sized> ByEvcxr for T {}

/// Picks between [`ByDebug`] and [`ByName`] by method resolution.
#[doc(hidden)]
pub struct Wrap<'a, T: ?Sized>(pub &'a T);

/// For what has a Debug form.
#[doc(hidden)]
pub trait ByDebug {
    /// That form.
    fn text(&self) -> String;
}

impl<T: Debug + ?Sized> ByDebug for Wrap<'_, T> {
    fn text(&self) -> String {
        debug(&self.0)
    }
}

/// For what has none.
#[doc(hidden)]
pub trait ByName {
    /// The type's name.
    fn text(&self) -> String;
}

impl<T: ?Sized> ByName for &Wrap<'_, T> {
    fn text(&self) -> String {
        format!(
            "<{}, which has no Debug form>",
            short_name(std::any::type_name::<T>())
        )
    }
}

fn debug(value: &dyn Debug) -> String {
    format!("{value:?}")
}

/// A type's name without the crates of the cells that define it.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    let mut rest = name;
    while let Some(at) = rest.find("cell_") {
        let (before, from) = rest.split_at(at);
        short.push_str(before);
        let number = from["cell_".len()..].trim_start_matches(|c: char| c.is_ascii_digit());
        rest = match number.strip_prefix("::") {
            Some(after) => after,
            None => {
                short.push_str("cell_");
                &from["cell_".len()..]
            }
        };
    }
    short + rest
}

/// Runs a type's own `evcxr_display` and sends what it said, if it has one.
#[doc(hidden)]
pub fn rich(show: &mut dyn FnMut() -> bool) -> bool {
    let (shown, printed) = output::capture(show);
    if shown {
        publish(blocks(&String::from_utf8_lossy(&printed)));
    }
    shown
}

/// Sends a value's plain form to the kernel.
#[doc(hidden)]
pub fn publish_text(text: String) {
    publish(vec![("text/plain".to_owned(), text)]);
}

fn publish(bundle: Vec<(String, String)>) {
    if output::is_connected() {
        output::send(&Event::Value {
            cell: output::current_cell(),
            bundle,
        });
    }
}

/// Reads the blocks that `evcxr_display` prints; what stands outside them is ordinary output.
fn blocks(printed: &str) -> Vec<(String, String)> {
    let mut bundle = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in printed.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(mime) = bare.strip_prefix("EVCXR_BEGIN_CONTENT ") {
            open = Some((mime.trim().to_owned(), String::new()));
        } else if bare == "EVCXR_END_CONTENT" {
            bundle.extend(open.take().map(|(mime, content)| {
                (
                    mime,
                    content
                        .strip_suffix('\n')
                        .map_or(content.clone(), str::to_owned),
                )
            }));
        } else if let Some((_, content)) = &mut open {
            content.push_str(line);
        } else {
            output::write(output::Stream::Stdout, line.as_bytes());
        }
    }
    bundle
}

/// Shows the value of a cell's last expression, unless it is `()`. (As little of it as can be is
/// generic: that would be compiled again in every cell.)
#[doc(hidden)]
#[macro_export]
macro_rules! show_value {
    ($value:ident) => {{
        #[allow(unused_imports)]
        use $crate::display::{ByDebug as _, ByEvcxr as _, ByName as _, Rich as _};
        if ::core::any::type_name_of_val($value) != "()"
            && !$crate::display::rich(&mut || $value.evcxr_display().shown())
        {
            $crate::display::publish_text((&$crate::display::Wrap($value)).text());
        }
    }};
}
