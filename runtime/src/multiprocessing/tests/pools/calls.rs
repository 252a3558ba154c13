//! Tests of a pool's calls and their results.

use super::*;

#[test]
fn results_come_in_order() {
    let pool = pool(3);
    let expected: Vec<_> = (0..1000).map(square).collect();
    assert_eq!(pool.map(square, 0..1000).unwrap(), expected);
    for size in [1, 7, 1000, 5000] {
        let chunked = pool.chunksize(size).unwrap();
        assert_eq!(
            chunked.map(square, 0..1000).unwrap(),
            expected,
            "chunks of {size}"
        );
    }
    let results: Result<Vec<_>, _> = pool.imap(square, 0..1000).collect();
    assert_eq!(results.unwrap(), expected);
    let results: Result<Vec<_>, _> = pool.chunksize(9).unwrap().imap(square, 0..1000).collect();
    assert_eq!(results.unwrap(), expected);
    let unordered: Result<HashSet<_>, _> = pool.imap_unordered(square, 0..1000).collect();
    assert_eq!(unordered.unwrap(), expected.into_iter().collect());
}

#[test]
fn nothing_gives_nothing() {
    let pool = pool(1);
    assert_eq!(pool.map(square, []).unwrap(), [] as [u64; 0]);
    assert_eq!(
        pool.starmap(|a: u8, b: u8| a + b, []).unwrap(),
        [] as [u8; 0]
    );
    assert_eq!(pool.imap(square, []).count(), 0);
    assert_eq!(pool.imap_unordered(square, []).count(), 0);
    assert!(matches!(pool.chunksize(0), Err(PoolError::Zero(_))));
    assert!(matches!(Pool::new(0), Err(PoolError::NoProcesses)));
    let zero = Pool::builder().max_tasks_per_child(0).build();
    assert!(matches!(zero, Err(PoolError::Zero(_))));
}

#[test]
fn functions_of_any_number_of_arguments() {
    let pool = pool(2);
    assert_eq!(pool.apply(|| 7, ()).unwrap(), 7);
    assert_eq!(pool.apply(|a: u8| a, (7,)).unwrap(), 7);
    let eight =
        |a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8| vec![a, b, c, d, e, f, g, h];
    let result = pool.apply(eight, (1, 2, 3, 4, 5, 6, 7, 8));
    assert_eq!(result.unwrap(), [1, 2, 3, 4, 5, 6, 7, 8]);
    let words = pool.starmap(|a: String, n: usize| a.repeat(n), [("a".to_owned(), 3)]);
    assert_eq!(words.unwrap(), ["aaa"]);
}

#[test]
fn a_function_pointer_is_a_function() {
    let pool = pool(2);
    // As a closure is that an earlier cell has kept.
    let pointer: fn(u64) -> u64 = |n| n + 1;
    assert_eq!(pool.map(pointer, 0..3).unwrap(), [1, 2, 3]);
    let pointer: fn(u64, u64) -> u64 = |a, b| a * b;
    assert_eq!(pool.apply(pointer, (6, 7)).unwrap(), 42);
    // What only looks like one is refused, and nothing is called.
    let seven: &'static u64 = &7;
    let result = pool.map(move |n: u64| n + *seven, 0..3);
    assert!(matches!(result, Err(PoolError::Captures)), "{result:?}");
}

#[test]
fn arrays_and_other_long_data_come_back_as_they_went() {
    let pool = pool(2);
    for n in [1, 10, 100, 1000] {
        let array = Array2::from_shape_fn((n, n + 1), |(i, j)| (i * j) as f64);
        let double = |array: Array2<f64>| array * 2.0;
        assert_eq!(
            pool.apply(double, (array.clone(),)).unwrap(),
            &array * 2.0,
            "{n}"
        );
        let arrays = vec![array.clone(); 5];
        assert_eq!(pool.map(double, arrays).unwrap(), vec![&array * 2.0; 5]);
    }
    // Longer results than arguments, and the other way round; not plain numbers.
    let words = |n: usize| vec!["Woozle".to_owned(); n];
    assert_eq!(pool.apply(words, (100_000,)).unwrap().len(), 100_000);
    let count = |words: Vec<String>| words.len();
    assert_eq!(pool.apply(count, (words(100_000),)).unwrap(), 100_000);
    let bytes = vec![7_u8; 100 << 20];
    let back = pool
        .apply(|bytes: Vec<u8>| bytes, (bytes.clone(),))
        .unwrap();
    assert!(back == bytes);
}

#[test]
fn a_hundred_thousand_tasks() {
    let pool = pool(2);
    let results = pool.chunksize(1).unwrap().map(square, 0..100_000).unwrap();
    assert!(results.into_iter().eq((0..100_000).map(square)));
}

#[test]
fn a_long_task_does_not_hold_up_the_short_ones_behind_it() {
    fn task(n: u64) -> u64 {
        if n == 600 {
            sleep(LONG);
        }
        n
    }
    let pool = pool(2);
    // The first ones are short: many are given out ahead.
    let mut seen = HashSet::new();
    for result in pool.imap_unordered(task, 0..500) {
        seen.insert(result.unwrap());
    }
    let mut results = pool.imap_unordered(task, 590..700);
    while seen.len() < 500 + 109 {
        let result = results.next_timeout(LONG / 2).unwrap();
        seen.insert(result.unwrap());
    }
    assert!(!seen.contains(&600));
}

#[test]
fn a_task_given_as_a_result_keeps_its_error() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Trouble {
        TooBig(u32),
    }
    let pool = pool(2);
    let check = |n: u32| {
        if n < 3 {
            Ok(n)
        } else {
            Err(Trouble::TooBig(n))
        }
    };
    let results = pool.map(check, 2..5).unwrap();
    assert_eq!(
        results,
        [Ok(2), Err(Trouble::TooBig(3)), Err(Trouble::TooBig(4))]
    );
}

#[test]
fn timeouts_pass_and_the_task_goes_on() {
    let pool = pool(1);
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    fn wait_for(pipe: Descriptor) -> u8 {
        let mut byte = [0];
        rustix::io::read(&pipe, &mut byte).unwrap();
        byte[0]
    }
    let result = pool.apply_async(wait_for, (Descriptor::new(reader),));
    assert!(matches!(
        result.get_timeout(SHORT),
        Err(PoolError::TimedOut)
    ));
    assert!(!result.wait_timeout(SHORT));
    assert!(!result.ready());
    assert_eq!(result.successful(), None);
    rustix::io::write(&writer, &[42]).unwrap();
    assert_eq!(result.get().unwrap(), 42);
    assert_eq!(result.successful(), Some(true));
    assert!(matches!(result.get(), Err(PoolError::ResultTaken)));
}

#[test]
fn descriptors_travel_there_and_back() {
    let pool = pool(1);
    let echo = |pipe: Descriptor| (1, pipe.clone(), pipe);
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    let (_, first, second) = pool.apply(echo, (Descriptor::new(writer),)).unwrap();
    for end in [first, second] {
        rustix::io::write(&end, b"x").unwrap();
        let mut byte = [0];
        assert_eq!(rustix::io::read(&reader, &mut byte).unwrap(), 1);
    }
}

#[test]
fn callbacks_are_called_before_the_result_is_ready() {
    let pool = pool(2);
    let (said, heard) = mpsc::channel();
    let say = said.clone();
    let result = pool
        .apply_async(square, (7,))
        .on_result(move |n| say.send(*n).unwrap())
        .on_error(|error| panic!("{error}"));
    result.wait();
    assert_eq!(heard.try_recv(), Ok(49));
    let result = pool
        .apply_async(|n: u64| 1 / n, (0,))
        .on_result(|n| panic!("{n}"))
        .on_error(move |_| said.send(0).unwrap());
    result.wait();
    assert_eq!(heard.try_recv(), Ok(0));
    // Without anybody who waits; and a callback may use the pool.
    let (said, heard) = mpsc::channel();
    let again = pool.clone();
    let _ = pool.apply_async(square, (3,)).on_result(move |n| {
        let _ = again
            .apply_async(square, (*n,))
            .on_result(move |n| said.send(*n).unwrap());
    });
    assert_eq!(heard.recv_timeout(LONG), Ok(81));
}

#[test]
fn imap_reads_its_input_as_its_results_are_taken() {
    let read = Arc::new(AtomicUsize::new(0));
    let input = (0..).inspect({
        let read = read.clone();
        move |_| {
            read.fetch_add(1, Ordering::Relaxed);
        }
    });
    let pool = pool(2);
    let mut results = pool.imap(square, input);
    for n in 0..100 {
        assert_eq!(results.next().unwrap().unwrap(), n * n);
        assert!(read.load(Ordering::Relaxed) as u64 <= n + 20);
    }
}

#[test]
fn what_cannot_be_serialised_is_an_error() {
    struct Odd(&'static str);
    impl Serialize for Odd {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                "there" => Err(serde::ser::Error::custom("no")),
                text => serializer.serialize_bool(text == "result"),
            }
        }
    }
    impl<'de> Deserialize<'de> for Odd {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match bool::deserialize(deserializer)? {
                true => Ok(Self("there")),
                false => Err(serde::de::Error::custom("no")),
            }
        }
    }
    let pool = pool(1);
    let id = |odd: Odd| odd;
    let error = |text| pool.apply(id, (Odd(text),)).err().unwrap();
    assert!(matches!(error("there"), PoolError::Arguments(_)));
    assert!(matches!(error("here"), PoolError::Arguments(_)));
    assert!(matches!(error("result"), PoolError::Result(_)));
    assert_eq!(pool.apply(square, (3,)).unwrap(), 9);
}

#[test]
fn random_numbers_differ_between_workers() {
    let pool = pool(4);
    let numbers = pool
        .chunksize(1)
        .unwrap()
        .map(|_: u8| rand::random::<u64>(), 0..100)
        .unwrap();
    assert_eq!(numbers.into_iter().collect::<HashSet<_>>().len(), 100);
}
