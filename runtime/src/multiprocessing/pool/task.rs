//! The functions that workers run: each call of a verb makes one for its types, and its address goes
//! to the workers.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{PoolError, TaskPanic};
use super::wire::{self, Outcome};
use crate::glue::type_id;
use crate::multiprocessing::children::entry::Entry;
use crate::multiprocessing::children::function::{CAPTURES, Call, Portable};
use crate::multiprocessing::transport::codec;
use crate::multiprocessing::transport::codec::Sink;
use crate::multiprocessing::transport::descriptors::CodecError;
use crate::threading::thread::panics;
use crate::timeline;

/// Reads items, calls the function with each, and writes what it returns.
pub(in crate::multiprocessing) type Shim =
    fn(*const (), u32, Input, &mut dyn Sink) -> Result<(), ShimError>;

/// The bytes of the arguments. They are borrowed only while an argument is read: afterwards, their
/// memory may be used again for the result.
pub(in crate::multiprocessing) struct Input {
    at: *const u8,
    left: usize,
}

impl Input {
    /// # Safety
    /// The bytes stay there, unchanged, until the last argument has been read.
    pub(in crate::multiprocessing) unsafe fn new(at: *const u8, left: usize) -> Self {
        Self { at, left }
    }

    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut &[u8]) -> Result<T, CodecError>,
    ) -> Result<T, ShimError> {
        // SAFETY: by `new`; `at` and `left` always describe what is left of it.
        let mut bytes = unsafe { std::slice::from_raw_parts(self.at, self.left) };
        let value = read(&mut bytes).map_err(ShimError::Arguments)?;
        (self.at, self.left) = (bytes.as_ptr(), bytes.len());
        Ok(value)
    }
}

/// Why a chunk could not be done.
pub(in crate::multiprocessing) enum ShimError {
    Function(String),
    Arguments(CodecError),
    Result(CodecError),
}

/// A function in a worker, or why there is none.
pub(in crate::multiprocessing) type Loaded = Result<(Shim, *const ()), String>;

/// Loads a function that [`Target::entries`] describes.
pub(in crate::multiprocessing) fn load(shim: &Entry, callee: Option<&Entry>) -> Loaded {
    let callee = callee.map_or(Ok(std::ptr::null()), Entry::resolve);
    let loaded = shim.resolve().and_then(|shim| Ok((shim, callee?)));
    let loaded = loaded.map(|(shim, callee)| {
        // SAFETY: the session made the entry from a `Shim`, in the same file.
        let shim = unsafe { std::mem::transmute::<*const (), Shim>(shim) };
        (shim, callee)
    });
    loaded.map_err(|error| error.to_string())
}

/// Calls a function with so many items, and writes what it returns; if that goes wrong, gives how, and the bytes that
/// say so.
pub(in crate::multiprocessing) fn call(
    loaded: Loaded,
    items: u32,
    input: Input,
    results: &mut dyn Sink,
) -> Result<(), (Outcome, Vec<u8>)> {
    let _noted = timeline::task();
    let ran = panics::catch(|| match loaded {
        Ok((shim, callee)) => shim(callee, items, input, results),
        Err(error) => Err(ShimError::Function(error)),
    });
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(ShimError::Function(error))) => Err((Outcome::BadFunction, error.into_bytes())),
        Ok(Err(ShimError::Arguments(error))) => {
            Err((Outcome::BadArguments, error.to_string().into_bytes()))
        }
        Ok(Err(ShimError::Result(error))) => {
            Err((Outcome::BadResult, error.to_string().into_bytes()))
        }
        Err(panic) => Err((Outcome::Panicked, wire::head(&TaskPanic::of_worker(&panic)))),
    }
}

/// A function for workers: the shim's address, and that of the function if it is a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    shim: usize,
    callee: usize,
    name: &'static str,
}

impl Target {
    /// For `function`, called with one argument.
    pub(in crate::multiprocessing) fn of_one<F, A, R>(function: &F) -> Result<Self, PoolError>
    where
        F: Fn(A) -> R + Portable,
        A: Serialize + DeserializeOwned + 'static,
        R: Serialize + DeserializeOwned + 'static,
    {
        let is_pointer = type_id::of::<F>() == type_id::of::<fn(A) -> R>();
        Self::new(function, is_pointer, run_one::<F, A, R>)
    }

    /// For `function`, called with tuples.
    pub(crate) fn of_tuple<F, A>(function: &F) -> Result<Self, PoolError>
    where
        F: Call<A> + Portable,
        A: Arguments,
        F::Output: Serialize + DeserializeOwned + 'static,
    {
        Self::new(function, F::is_pointer(), run_tuple::<F, A>)
    }

    fn new<F: Portable>(function: &F, is_pointer: bool, shim: Shim) -> Result<Self, PoolError> {
        const { Carried::<F>::CHECK };
        let callee = match (size_of::<F>(), is_pointer) {
            (0, _) => 0,
            // SAFETY: `F` is a function pointer, which has the size of an address.
            (_, true) => unsafe { std::mem::transmute_copy::<F, usize>(function) },
            (_, false) => return Err(PoolError::Captures),
        };
        let shim = (shim as *const ()).expose_provenance();
        let name = std::any::type_name::<F>();
        Ok(Self { shim, callee, name })
    }

    /// What it is called, in a word.
    pub(in crate::multiprocessing) fn name(&self) -> &'static str {
        match self.name.rsplit("::").next() {
            Some(name) if !name.starts_with('{') => name,
            _ => "closure",
        }
    }

    /// How a worker finds it.
    pub(in crate::multiprocessing) fn entries(self) -> Result<(Entry, Option<Entry>), CodecError> {
        let entry = |address: usize| {
            Entry::of(std::ptr::with_exposed_provenance(address)).map_err(CodecError::new)
        };
        let callee = (self.callee != 0).then(|| entry(self.callee)).transpose()?;
        Ok((entry(self.shim)?, callee))
    }
}

/// A function that is known by its type, or is an address.
struct Carried<F>(std::marker::PhantomData<F>);

impl<F: Portable> Carried<F> {
    /// Refuses closures that capture, at compile time. What looks like a function pointer is
    /// looked at again at run time.
    const CHECK: () = assert!(
        size_of::<F>() == 0
            || (size_of::<F>() == size_of::<fn()>() && size_of::<Option<F>>() == size_of::<F>()),
        "{}",
        CAPTURES
    );

    fn get(callee: *const ()) -> F {
        const { Self::CHECK };
        if size_of::<F>() == 0 {
            // SAFETY: a type of size 0 has one value; whoever names the type of a function item or
            // closure has had it, and `Portable`, which is `Copy`, says that there may be another one.
            unsafe { std::mem::zeroed() }
        } else {
            // SAFETY: `Target::new` has seen that `F` is a function pointer; `callee` is its value in
            // this process.
            unsafe { std::mem::transmute_copy(&callee) }
        }
    }
}

fn run_one<F, A, R>(
    callee: *const (),
    items: u32,
    mut input: Input,
    output: &mut dyn Sink,
) -> Result<(), ShimError>
where
    F: Fn(A) -> R + Portable,
    A: Serialize + DeserializeOwned + 'static,
    R: Serialize + DeserializeOwned + 'static,
{
    let function = Carried::<F>::get(callee);
    for _ in 0..items {
        let argument = input.read(codec::decode)?;
        codec::encode(&function(argument), output).map_err(ShimError::Result)?;
    }
    Ok(())
}

fn run_tuple<F, A>(
    callee: *const (),
    items: u32,
    mut input: Input,
    output: &mut dyn Sink,
) -> Result<(), ShimError>
where
    F: Call<A> + Portable,
    A: Arguments,
    F::Output: Serialize + DeserializeOwned + 'static,
{
    let function = Carried::<F>::get(callee);
    for _ in 0..items {
        let arguments = input.read(A::decode)?;
        codec::encode(&function.call(arguments), output).map_err(ShimError::Result)?;
    }
    Ok(())
}

/// A tuple of up to eight arguments, each of which can go to another process.
pub trait Arguments: Sized + 'static {
    #[doc(hidden)]
    fn encode(&self, sink: &mut dyn Sink) -> Result<(), CodecError>;
    #[doc(hidden)]
    fn decode(bytes: &mut &[u8]) -> Result<Self, CodecError>;
}

macro_rules! arguments {
    ($($name:ident)*) => {
        impl<$($name),*> Arguments for ($($name,)*)
        where
            $($name: Serialize + DeserializeOwned + 'static),*
        {
            #[allow(non_snake_case, unused_variables)]
            fn encode(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
                let ($($name,)*) = self;
                $(codec::encode($name, sink)?;)*
                Ok(())
            }

            #[allow(unused_variables, clippy::unused_unit)]
            fn decode(bytes: &mut &[u8]) -> Result<Self, CodecError> {
                Ok(($(codec::decode::<$name>(bytes)?,)*))
            }
        }
    };
}

arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);
arguments!(A B C D E G);
arguments!(A B C D E G H);
arguments!(A B C D E G H I);
