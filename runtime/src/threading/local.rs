//! `Local`: a value for each thread.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, Weak};

/// A value that each thread has for itself: Python's `threading.local`.
///
/// Python's holds any attributes, this one holds a value of one type: a struct, if it is to have
/// fields. It is made, by the function given to [`new`](Self::new), when a thread first uses it. It never leaves
/// its thread, so it need not be [`Send`]; it is dropped when the thread ends. A clone is another
/// handle of the same value.
///
/// ```
/// use woozle::threading::{Local, Thread};
///
/// let steps = Local::new(|| 0);
/// steps.set(3);
/// let other = steps.clone();
/// let t = Thread::spawn(move || {
///     other.with(|n| *n += 1);
///     other.get()
/// });
/// assert_eq!(t.join()?, 1);
/// assert_eq!(steps.get(), 3);
/// # Ok::<(), woozle::threading::ThreadError>(())
/// ```
///
/// What differs from Python: when the last handle goes, the values of other threads are dropped
/// when these threads use a new `Local` or end, not at once. For a `static` use
/// [`std::thread_local!`].
pub struct Local<T> {
    make: Arc<dyn Fn() -> T + Send + Sync>,
    /// Names the object; gone when the last handle is.
    object: Arc<()>,
}

/// The values of one thread, by the address of the object, which is not given to another one as
/// long as the weak handle is there.
type Values = HashMap<usize, (Weak<()>, Rc<dyn Any>)>;

thread_local! {
    static VALUES: RefCell<Values> = RefCell::new(HashMap::new());
}

impl<T: 'static> Local<T> {
    /// A value for each thread, made by `make` when the thread first uses it. Python: `__init__` of
    /// a subclass of `threading.local`.
    ///
    /// ```
    /// # use woozle::threading::Local;
    /// let names = Local::new(Vec::<String>::new);
    /// names.with(|names| names.push("Pooh".to_owned()));
    /// ```
    pub fn new(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            object: Arc::new(()),
        }
    }

    /// Calls `body` with this thread's value.
    ///
    /// # Panics
    ///
    /// If `body`, or the function that makes the value, panics or uses this same `Local`; and in a
    /// thread that is just ending and has dropped its values.
    ///
    /// ```
    /// # use woozle::threading::Local;
    /// let n = Local::new(|| 40);
    /// assert_eq!(n.with(|n| { *n += 2; *n }), 42);
    /// ```
    #[track_caller]
    pub fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        let value = self.value();
        let mut value = value.borrow_mut();
        body(&mut value)
    }

    /// Replaces this thread's value. Python: `local.x = ...`.
    ///
    /// # Panics
    ///
    /// As [`with`](Self::with).
    ///
    /// ```
    /// # use woozle::threading::Local;
    /// let n = Local::new(|| 0);
    /// n.set(42);
    /// assert_eq!(n.get(), 42);
    /// ```
    #[track_caller]
    pub fn set(&self, value: T) {
        let before = self.with(|place| std::mem::replace(place, value));
        drop(before);
    }

    /// A clone of this thread's value. Python: `local.x`.
    ///
    /// # Panics
    ///
    /// As [`with`](Self::with).
    ///
    /// ```
    /// # use woozle::threading::Local;
    /// assert_eq!(Local::new(|| 42).get(), 42);
    /// ```
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(|value| value.clone())
    }

    fn value(&self) -> Rc<RefCell<T>> {
        let key = Arc::as_ptr(&self.object).addr();
        let known = VALUES.with_borrow(|values| values.get(&key).map(|(_, value)| value.clone()));
        if let Some(Ok(value)) = known.map(Rc::downcast) {
            return value;
        }
        let value = Rc::new(RefCell::new((self.make)()));
        insert(key, &self.object, value.clone());
        value
    }
}

/// Keeps a thread's value, and drops those whose object is gone.
fn insert(key: usize, object: &Arc<()>, value: Rc<dyn Any>) {
    let gone = VALUES.with_borrow_mut(|values| {
        let gone: Vec<_> = values
            .extract_if(|_, (object, _)| object.strong_count() == 0)
            .collect();
        values.insert(key, (Arc::downgrade(object), value));
        gone
    });
    // A value's own drop may use a `Local`: not while the map is borrowed.
    drop(gone);
}

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        Self {
            make: self.make.clone(),
            object: self.object.clone(),
        }
    }
}

impl<T> fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").finish_non_exhaustive()
    }
}
