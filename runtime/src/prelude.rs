//! The macros that stand for std's printing macros in a cell.
//!
//! They mean what std's mean; the difference is that each call's text goes in one piece to the
//! cell of the thread that printed.

/// Prints to the standard output of the current thread's cell, as std's `print!`.
///
/// ```
/// woozle::print!("{} ", 1);
/// ```
#[macro_export]
macro_rules! print {
    ($($arg:tt)*) => {
        $crate::output::print($crate::output::Stream::Stdout, ::core::format_args!($($arg)*))
    };
}

/// Prints a line to the standard output of the current thread's cell, as std's `println!`.
///
/// ```
/// let name = "Woozle";
/// woozle::println!("hello, {name}");
/// ```
#[macro_export]
macro_rules! println {
    () => {
        $crate::output::println($crate::output::Stream::Stdout, ::core::format_args!(""))
    };
    ($($arg:tt)*) => {
        $crate::output::println($crate::output::Stream::Stdout, ::core::format_args!($($arg)*))
    };
}

/// Prints to the standard error of the current thread's cell, as std's `eprint!`.
///
/// ```
/// woozle::eprint!("working... ");
/// ```
#[macro_export]
macro_rules! eprint {
    ($($arg:tt)*) => {
        $crate::output::print($crate::output::Stream::Stderr, ::core::format_args!($($arg)*))
    };
}

/// Prints a line to the standard error of the current thread's cell, as std's `eprintln!`.
///
/// ```
/// woozle::eprintln!("it took {} ms", 3);
/// ```
#[macro_export]
macro_rules! eprintln {
    () => {
        $crate::output::println($crate::output::Stream::Stderr, ::core::format_args!(""))
    };
    ($($arg:tt)*) => {
        $crate::output::println($crate::output::Stream::Stderr, ::core::format_args!($($arg)*))
    };
}

/// Prints an expression with its place and value, and gives the value back, as std's `dbg!`.
///
/// ```
/// let n = woozle::dbg!(2 + 2);
/// assert_eq!(n, 4);
/// ```
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::eprintln!("[{}]", $crate::cell::at(::core::file!(), ::core::line!(), ::core::column!()))
    };
    ($value:expr $(,)?) => {
        match $value {
            value => {
                $crate::eprintln!(
                    "[{}] {} = {:#?}",
                    $crate::cell::at(::core::file!(), ::core::line!(), ::core::column!()),
                    ::core::stringify!($value), &value
                );
                value
            }
        }
    };
    ($($value:expr),+ $(,)?) => {
        ($($crate::dbg!($value)),+,)
    };
}
