//! Our side.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use ndarray::{Array1, Ix1};
use woozle::multiprocessing::{Pool, Process, SharedArray};

use crate::measure::{each, times};

static POOL: LazyLock<Pool> = LazyLock::new(|| Pool::new(2).expect("two workers"));

fn trivial(n: u64) -> u64 {
    n + 1
}

/// From nothing to the sixteenth result.
pub(super) fn start_16() -> Duration {
    let begin = Instant::now();
    let pool = Pool::new(16).expect("sixteen workers");
    let results = pool.chunksize(1).expect("not 0").map(trivial, 0..16);
    assert_eq!(results.expect("results").len(), 16);
    begin.elapsed()
}

fn tasks(n: u32, chunksize: Option<usize>) -> Duration {
    let n = times(n);
    let begin = Instant::now();
    let results = match chunksize {
        Some(chunksize) => POOL
            .chunksize(chunksize)
            .expect("not 0")
            .map(trivial, 0..u64::from(n)),
        None => POOL.map(trivial, 0..u64::from(n)),
    };
    assert_eq!(results.expect("results").len(), n as usize);
    begin.elapsed() / n
}

pub(super) fn chunk_of_one() -> Duration {
    tasks(50_000, Some(1))
}

pub(super) fn default_chunk() -> Duration {
    tasks(1_000_000, None)
}

pub(super) fn there_and_back() -> Duration {
    each(5_000, || {
        assert_eq!(POOL.apply_async(trivial, (1,)).get().expect("a result"), 2);
    })
}

fn double(mut array: Array1<f64>) -> Array1<f64> {
    array[0] *= 2.0;
    array
}

pub(super) fn array() -> Duration {
    let array = Array1::from_elem(1 << 20, 1.5);
    // The first ones make the segments.
    for _ in 0..2 {
        let _ = POOL.apply(double, (array.clone(),));
    }
    let mut arrays: Vec<_> = (0..times(20)).map(|_| array.clone()).collect();
    each(20, || {
        let array = arrays.pop().expect("one for each time");
        let array = POOL.apply(double, (array,)).expect("a result");
        assert!((array[0] - 3.0).abs() < f64::EPSILON);
    })
}

fn double_shared(array: SharedArray<f64, Ix1>) {
    let mut all = array.lock().expect("nobody else has it");
    all.view_mut()[0] *= 2.0;
}

pub(super) fn shared_array() -> Duration {
    let array = SharedArray::from_array(&Array1::from_elem(1 << 20, 1.5)).expect("memory");
    let time = each(500, || {
        POOL.apply(double_shared, (array.clone(),))
            .expect("a result");
    });
    assert!(array.to_array().expect("nobody else has it")[0] > 1.5);
    time
}

pub(super) fn process() -> Duration {
    each(100, || {
        let process = Process::new(|| ());
        process.start().expect("a process");
        process.join().expect("its end");
    })
}
