//! The macros of std that print, whose text is a part of the schedule, and `thread_local!`.

/// As std's.
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => { $crate::engine::print($crate::format_args!($($text)*), "") };
}

/// As std's.
#[macro_export]
macro_rules! println {
    ($($text:tt)*) => { $crate::engine::print($crate::format_args!($($text)*), "\n") };
}

/// As std's.
#[macro_export]
macro_rules! eprint {
    ($($text:tt)*) => { $crate::engine::print($crate::format_args!($($text)*), "") };
}

/// As std's.
#[macro_export]
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::engine::print($crate::format_args!($($text)*), "\n") };
}

/// As std's.
#[macro_export]
macro_rules! dbg {
    () => { $crate::eprintln!() };
    ($value:expr $(,)?) => {
        match $value {
            value => {
                $crate::eprintln!("{} = {:#?}", $crate::stringify!($value), &value);
                value
            }
        }
    };
    ($($value:expr),+ $(,)?) => { ($($crate::dbg!($value)),+,) };
}

/// As std's.
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $ty:ty = const $init:block $(; $($rest:tt)*)?) => {
        $crate::thread_local!($(#[$attribute])* $vis static $name: $ty = $init);
        $($crate::thread_local!($($rest)*);)?
    };
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $ty:ty = $init:expr $(; $($rest:tt)*)?) => {
        $(#[$attribute])*
        $vis const $name: $crate::thread::LocalKey<$ty> = {
            fn init() -> $ty {
                $init
            }
            static KEY: $crate::thread::RawKey<$ty> = $crate::thread::RawKey::new(init);
            $crate::thread::LocalKey::new(&KEY)
        };
        $($crate::thread_local!($($rest)*);)?
    };
}
