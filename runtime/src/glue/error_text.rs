//! What the error of a `?` says: by its Display form, where that is known, else by its Debug form.
//!
//! `?` takes any error with a Debug form, and a generic function cannot ask whether its type has a Display form, too. So the
//! types that have one are noted: those of std here, those of cells by the code that is generated for their `impl`s.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::sync::{LazyLock, Mutex};

use crate::glue::type_id;
use crate::process::panics::payload::text_as_std;
use crate::sync::lock_std;

/// Gives the text of the value that is behind a pointer.
type Text = unsafe fn(*const ()) -> String;

/// By the type of the error. The type behind the pointer must be that one, up to lifetimes.
static TEXTS: LazyLock<Mutex<HashMap<TypeId, Text>>> = LazyLock::new(|| Mutex::new(of_std()));

/// Notes that errors of a type are told by their Display form.
pub fn tells<E: Display + 'static>() {
    lock_std(&TEXTS).insert(TypeId::of::<E>(), displayed::<E>);
}

/// What an error says.
pub(super) fn text<E: Debug>(error: &E) -> String {
    // Not held meanwhile: the error's own code may fail with another error.
    let known = lock_std(&TEXTS).get(&type_id::of::<E>()).copied();
    match known {
        // SAFETY: what is noted for a type reads a value of that type. Lifetimes do not count for `type_id::of`; a noted type
        // has none, or shows itself in the same way whatever they are: no `impl` is noted that holds for `'static` alone.
        Some(text) => unsafe { text(std::ptr::from_ref(error).cast()) },
        None => format!("{error:?}"),
    }
}

/// # Safety
/// The pointer is one to an `E` that can be read.
unsafe fn displayed<E: Display>(error: *const ()) -> String {
    // SAFETY: the caller's.
    unsafe { &*error.cast::<E>() }.to_string()
}

/// What a thread of std that panicked is joined with; its Debug form says nothing.
///
/// # Safety
/// The pointer is one to a `Box<dyn Any + Send>` that can be read.
unsafe fn payload(error: *const ()) -> String {
    // SAFETY: the caller's.
    text_as_std(&**unsafe { &*error.cast::<Box<dyn Any + Send>>() })
}

fn of_std() -> HashMap<TypeId, Text> {
    let mut texts = HashMap::new();
    texts.insert(TypeId::of::<Box<dyn Any + Send>>(), payload as Text);
    macro_rules! of_std {
        ($($error:ty),* $(,)?) => {
            $(texts.insert(TypeId::of::<$error>(), displayed::<$error> as Text);)*
        };
    }
    of_std![
        Box<dyn Error>,
        Box<dyn Error + Send>,
        Box<dyn Error + Send + Sync>,
        &str,
        String,
        std::borrow::Cow<'static, str>,
        std::array::TryFromSliceError,
        std::cell::BorrowError,
        std::cell::BorrowMutError,
        std::char::CharTryFromError,
        std::char::DecodeUtf16Error,
        std::char::ParseCharError,
        std::char::TryFromCharError,
        std::collections::TryReserveError,
        std::env::JoinPathsError,
        std::env::VarError,
        std::ffi::FromBytesWithNulError,
        std::ffi::FromBytesUntilNulError,
        std::ffi::IntoStringError,
        std::ffi::NulError,
        std::fmt::Error,
        std::io::Error,
        std::net::AddrParseError,
        std::num::ParseFloatError,
        std::num::ParseIntError,
        std::num::TryFromIntError,
        std::path::StripPrefixError,
        std::str::ParseBoolError,
        std::str::Utf8Error,
        std::string::FromUtf8Error,
        std::string::FromUtf16Error,
        std::sync::mpsc::RecvError,
        std::sync::mpsc::RecvTimeoutError,
        std::sync::mpsc::TryRecvError,
        std::thread::AccessError,
        std::time::SystemTimeError,
        std::time::TryFromFloatSecsError,
    ];
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Told;
    impl Display for Told {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "told")
        }
    }
    #[derive(Debug)]
    struct Plain;

    #[test]
    fn what_has_a_display_form_is_told_by_it() {
        assert_eq!(text(&Told), "Told");
        tells::<Told>();
        assert_eq!(text(&Told), "told");
        assert_eq!(text(&Plain), "Plain");
        let number = "x".parse::<u8>().expect_err("no number");
        assert_eq!(text(&number), "invalid digit found in string");
        let boxed: Box<dyn Error + Send + Sync> = "out of honey".into();
        assert_eq!(text(&boxed), "out of honey");
        let short = String::from("out of tea");
        assert_eq!(text(&short.as_str()), "out of tea");
        let panicked = std::thread::spawn(|| panic!("p")).join();
        assert_eq!(text(&panicked.expect_err("it panicked")), "p");
    }
}
