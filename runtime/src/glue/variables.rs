//! The session's variables as short texts, for a front end's list of them.

use std::fmt::{self, Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::process::output;
use crate::protocol::Event;

/// A text is cut at this many bytes.
const LONGEST: usize = 2000;

/// Picks between [`ByDebug`] and [`Hidden`] by method resolution.
#[doc(hidden)]
pub struct Look<'a, T: ?Sized>(pub &'a T);

/// For what has a Debug form.
#[doc(hidden)]
pub trait ByDebug {
    /// That form, cut off where it gets long.
    fn short_text(&self) -> Option<String>;
}

impl<T: Debug + ?Sized> ByDebug for Look<'_, T> {
    fn short_text(&self) -> Option<String> {
        Some(short(&self.0))
    }
}

/// For what has none.
#[doc(hidden)]
pub trait Hidden {
    /// Nothing.
    fn short_text(&self) -> Option<String>;
}

impl<T: ?Sized> Hidden for &Look<'_, T> {
    fn short_text(&self) -> Option<String> {
        None
    }
}

/// Takes text up to a limit, and then refuses more, so that a huge value is not formatted whole.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LONGEST - self.0.len();
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        Err(fmt::Error)
    }
}

fn short(value: &dyn Debug) -> String {
    let mut text = Short(String::new());
    let written = catch_unwind(AssertUnwindSafe(|| write!(text, "{value:?}")));
    match written {
        Ok(Ok(())) => text.0,
        Ok(Err(fmt::Error)) => text.0 + "…",
        Err(_) => text.0 + "… (its Debug form panicked)",
    }
}

/// Sends the texts of variables to the kernel, by their names.
#[doc(hidden)]
pub fn publish(variables: &[(&str, &dyn Fn() -> Option<String>)]) {
    let texts = variables
        .iter()
        .filter_map(|(name, text)| Some(((*name).to_owned(), text()?)));
    let bundle = texts.collect();
    if output::is_connected() {
        output::send(&Event::Value {
            cell: output::current_cell(),
            bundle,
        });
    }
}

/// Sends the texts of the variables that it names.
#[doc(hidden)]
#[macro_export]
macro_rules! variable_texts {
    ($($name:ident),* $(,)?) => {{
        #[allow(unused_imports)]
        use $crate::variables::{ByDebug as _, Hidden as _};
        $crate::variables::publish(&[
            $((stringify!($name), &|| (&$crate::variables::Look(&$name)).short_text())),*
        ]);
    }};
}

#[cfg(test)]
#[expect(
    clippy::needless_borrow,
    reason = "the borrow is what the macro writes"
)]
mod tests {
    use super::*;

    struct Opaque;

    struct Panics;

    impl Debug for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("so far")?;
            panic!("as asked")
        }
    }

    #[test]
    fn a_value_with_a_debug_form_shows_it() {
        assert_eq!((&Look(&[1, 2])).short_text().as_deref(), Some("[1, 2]"));
        assert_eq!((&Look(&Opaque)).short_text(), None);
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let text = (&Look(&"ü".repeat(LONGEST))).short_text();
        let text = text.expect("a string has a Debug form");
        assert!(text.ends_with("ü…") && text.len() <= LONGEST + "…".len());
    }

    #[test]
    fn a_panic_stays_inside() {
        let text = (&Look(&Panics)).short_text();
        assert_eq!(text.as_deref(), Some("so far… (its Debug form panicked)"));
    }
}
