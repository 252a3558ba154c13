//! Functions that other processes can call: what they are made of is known there too.

use std::any::TypeId;

/// A function by its type alone: a function item, or a closure that captures nothing. It has no
/// bytes, so it can be had again in any process that has the same code.
pub(crate) struct Function<F>(std::marker::PhantomData<F>);

impl<F: Copy> Function<F> {
    /// Refuses, at compile time, what has bytes.
    const CHECK: () = assert!(
        size_of::<F>() == 0,
        "this closure captures variables, and a process has its own memory: pass them as arguments \
         instead, for example with Process::with_args(function, (a, b)) or pool.starmap(function, \
         items); what many tasks share can go to each worker once, by the pool's initializer"
    );

    /// The function of this type.
    pub(crate) fn get() -> F {
        const { Self::CHECK };
        // SAFETY: a type of size 0 has one value, with no bytes to be wrong, and whoever names the
        // type of a function item or closure has had that value; `Copy` says that there may be
        // another one.
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
            F: Fn($($name),*) -> R + 'static,
            R: 'static,
            $($name: 'static),*
        {
            type Output = R;

            #[allow(non_snake_case)]
            fn call(&self, ($($name,)*): ($($name,)*)) -> R {
                self($($name),*)
            }

            fn is_pointer() -> bool {
                TypeId::of::<F>() == TypeId::of::<fn($($name),*) -> R>()
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
