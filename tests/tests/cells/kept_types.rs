//! Variables of std's types are kept: later cells can name each of them, by a path that is stable in this rustc.

use crate::support::Session;

const IMPORTS: &str = "use std::{cell::*, collections::*, ffi::*, iter, marker::*, net::*, num::*, ops::*, rc::*, \
    sync::*, sync::atomic::*, thread, time::*};";

/// Values of types that have no generated part.
const VALUES: &str = r#"
AtomicBool::new(true)
AtomicI8::new(1)
AtomicI16::new(1)
AtomicI32::new(1)
AtomicI64::new(1)
AtomicIsize::new(1)
AtomicU8::new(1)
AtomicU16::new(1)
AtomicU32::new(1)
AtomicU64::new(1)
AtomicUsize::new(1)
AtomicPtr::new(std::ptr::null_mut::<Vec<u8>>())
Arc::new(AtomicUsize::new(1))
[const { AtomicI32::new(0) }; 3]
Vec::<AtomicU8>::new()
Arc::new(Mutex::new(AtomicU32::new(1)))
(0..10).step_by(2)
(0..10).rev()
(0..3).chain(5..6)
(0..3).zip(4..7)
(1..4).cycle()
(0..4).peekable()
(0..4).enumerate()
[1, 2, 3].into_iter()
vec![1, 2].into_iter().skip(1)
vec![1].into_iter().fuse()
iter::repeat(3).take(4)
iter::once(4)
iter::empty::<u8>()
"a b".split_whitespace()
"a,b".split(',')
"a\nb".lines()
"abc".chars().rev()
"abc".char_indices()
[1, 2, 3].windows(2)
[1u8].iter().copied()
BTreeSet::from([1]).into_iter()
Mutex::new(1)
RwLock::new(2)
Condvar::new()
Barrier::new(1)
Once::new()
OnceLock::<u8>::new()
mpsc::channel::<u8>()
mpsc::sync_channel::<u8>(2)
Instant::now()
SystemTime::now()
Duration::from_secs(1)
NonZeroU32::new(4)
Wrapping(3u8)
Saturating(3u8)
Cell::new(1)
RefCell::new(2)
OnceCell::<u8>::new()
Rc::downgrade(&Rc::new(3))
thread::spawn(|| 3)
thread::current()
thread::Builder::new()
Ipv4Addr::LOCALHOST
SocketAddr::from(([127, 0, 0, 1], 80))
std::path::PathBuf::from("x")
OsString::new()
CString::default()
0..3
0..=3
0..
..=3
Bound::Included(3)
ControlFlow::<u8, u8>::Continue(1)
std::cmp::Reverse(2)
std::cmp::Ordering::Less
atomic::Ordering::SeqCst
PhantomData::<u8>
std::io::Result::Ok(1)
std::io::Cursor::new(vec![1u8])
std::io::BufReader::new(std::io::empty())
std::io::stdin()
std::fs::File::open("/proc/self/stat")
std::process::Command::new("true")
std::mem::ManuallyDrop::new(3)
std::mem::MaybeUninit::<u8>::uninit()
std::alloc::Layout::new::<u8>()
std::any::TypeId::of::<u8>()
std::borrow::Cow::Borrowed("x")
std::pin::Pin::new(&3)
std::task::Poll::Ready(3)
std::fmt::Error
"x".parse::<i32>()
"x".parse::<f64>()
std::str::from_utf8(b"x")
HashMap::from([(1, 2)])
HashMap::from([(1, 2)]).into_keys()
HashSet::from([1])
BTreeMap::from([(1, 2)])
VecDeque::from([1])
BinaryHeap::from([1])
LinkedList::from([1])
Some(Box::new(3))
"#;

#[test]
fn variables_of_stds_types_are_kept() {
    let mut session = Session::start();
    let values: Vec<&str> = VALUES.lines().filter(|line| !line.is_empty()).collect();
    let made = values.iter().enumerate();
    let made: String = made
        .map(|(n, value)| format!("let v{n} = {value};\n"))
        .collect();
    let cell = session.run(&format!("{IMPORTS}\n{made}")).ok();
    assert_eq!(cell.stderr, "", "each of them is kept");
    let named: String = (0..values.len())
        .map(|n| format!("std::hint::black_box(&v{n});\n"))
        .collect();
    session.run(&named).prints("");
}
