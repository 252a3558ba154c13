//! Functions that other processes can call: what they are made of is known there too.

use crate::glue::type_id;

/// Why a closure is refused. [`Portable`] says the same.
pub(crate) const CAPTURES: &str = "this closure captures variables, and a worker has its own memory: pass them as \
     arguments instead, for example with pool.starmap(function, items) or Process::with_args(function, (a, b)); what \
     all tasks share can go to each worker once, by the pool's initializer";

/// A function or closure that other processes may be able to call. It is there for all that are `Copy`; that a
/// closure captures nothing is checked when it is used.
///
/// ```compile_fail
/// # use woozle::multiprocessing::Pool;
/// let pool = Pool::new(1)?;
/// let words = vec!["Woozle"];
/// pool.map(move |n: usize| words[n].to_owned(), 0..1)?; // this closure captures variables
/// # Ok::<(), woozle::multiprocessing::PoolError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "this closure captures variables, and a worker has its own memory: pass them as arguments instead, for \
               example with pool.starmap(function, items) or Process::with_args(function, (a, b)); what all tasks \
               share can go to each worker once, by the pool's initializer"
)]
pub trait Portable: Copy {}

#[diagnostic::do_not_recommend]
impl<F: Copy> Portable for F {}

/// A function by its type alone: a function item, or a closure that captures nothing. It has no
/// bytes, so it can be had again in any process that has the same code.
pub(crate) struct Function<F>(std::marker::PhantomData<F>);

impl<F: Portable> Function<F> {
    /// Refuses, at compile time, what has bytes.
    const CHECK: () = assert!(size_of::<F>() == 0, "{}", CAPTURES);

    /// The function of this type.
    pub(crate) fn get() -> F {
        const { Self::CHECK };
        // SAFETY: a type of size 0 has one value, with no bytes to be wrong, and whoever names the
        // type of a function item or closure has had that value; `Portable`, which is `Copy`, says
        // that there may be another one.
        unsafe { std::mem::zeroed() }
    }
}

/// A function that can be called with a tuple of arguments: Python's `function(*args)`.
///
/// It is there for every function and closure of up to eight arguments. (The compiler does not infer
/// the types of a closure's parameters from it: write them down, as in `|a: u32, b: u32| a + b`.)
pub trait Call<Args> {
    /// What the function returns.
    type Output;

    /// Calls the function.
    fn call(&self, args: Args) -> Self::Output;

    /// Whether this is a function pointer.
    #[doc(hidden)]
    fn is_pointer() -> bool;
}

macro_rules! call {
    ($($name:ident)*) => {
        impl<F, R, $($name),*> Call<($($name,)*)> for F
        where
            F: Fn($($name),*) -> R,
            R: 'static,
            $($name: 'static),*
        {
            type Output = R;

            #[allow(non_snake_case)]
            fn call(&self, ($($name,)*): ($($name,)*)) -> R {
                self($($name),*)
            }

            fn is_pointer() -> bool {
                type_id::of::<F>() == type_id::of::<fn($($name),*) -> R>()
            }
        }
    };
}

call!();
call!(A);
call!(A B);
call!(A B C);
call!(A B C D);
call!(A B C D E);
call!(A B C D E G);
call!(A B C D E G H);
call!(A B C D E G H I);
