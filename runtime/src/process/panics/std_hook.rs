//! Whether the panic hook is std's own, which counts as none: whoever takes a hook away leaves that one.
//!
//! Hooks cannot be compared. But std's own is a function without bytes, which `take_hook` puts into a box with always the
//! same vtable; that is known by taking it before another hook is set.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::OnceLock;

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// The two words of a pointer to std's own hook.
static DEFAULT: OnceLock<[usize; 2]> = OnceLock::new();

/// Learns what std's own hook looks like; called before any other one is set.
pub(crate) fn learn() {
    let _ = DEFAULT.set(words(&*take_hook()));
}

/// Calls `install`, which sets a hook, if std's own is there; any other one stays. A panic of another thread meanwhile is
/// reported by std.
pub(crate) fn replace(install: impl FnOnce()) {
    let hook = take_hook();
    if DEFAULT.get() == Some(&words(&*hook)) {
        install();
    } else {
        set_hook(hook);
    }
}

/// A pointer's two words, the data's address and the vtable's: one hook has the same ones as another if it has the same
/// code and no bytes, or is the same.
fn words(hook: &Hook) -> [usize; 2] {
    const { assert!(size_of::<*const Hook>() == size_of::<[usize; 2]>()) };
    // SAFETY: a pointer to a trait object is two pointers, whose addresses are taken; both are initialised.
    unsafe { std::mem::transmute::<*const Hook, [usize; 2]>(hook) }
}
