//! Functions that compute, each with a loop: what a notebook's user writes.

pub fn sum_u32(n: u64) -> u64 {
    let mut sum = 0u32;
    for i in 0..n as u32 { sum += (i ^ 5) % 7; }
    sum as u64
}

pub fn collatz(n: u64) -> u64 {
    let mut longest = 0;
    for start in 1..n {
        let (mut x, mut steps) = (start, 0);
        while x != 1 { x = if x % 2 == 0 { x / 2 } else { 3 * x + 1 }; steps += 1; }
        if steps > longest { longest = steps; }
    }
    longest
}

pub fn fibonacci(n: u64) -> u64 {
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

pub fn sieve(n: u64) -> u64 {
    let n = n as usize;
    let mut prime = vec![true; n + 1];
    let mut i = 2;
    while i * i <= n {
        if prime[i] { for j in (i * i..=n).step_by(i) { prime[j] = false; } }
        i += 1;
    }
    prime[2..].iter().filter(|p| **p).count() as u64
}

pub fn matrices(n: u64) -> u64 {
    let n = n as usize;
    let a: Vec<f64> = (0..n * n).map(|i| (i % 13) as f64).collect();
    let b: Vec<f64> = (0..n * n).map(|i| (i % 7) as f64).collect();
    let mut c = vec![0.0; n * n];
    for i in 0..n { for k in 0..n { for j in 0..n { c[i * n + j] += a[i * n + k] * b[k * n + j]; } } }
    c.iter().sum::<f64>() as u64
}

pub fn mandelbrot(n: u64) -> u64 {
    let mut inside = 0;
    for row in 0..n { for column in 0..n {
        let (a, b) = (column as f64 / n as f64 * 3.0 - 2.0, row as f64 / n as f64 * 2.0 - 1.0);
        let (mut x, mut y, mut left) = (0.0, 0.0, 60);
        while x * x + y * y < 4.0 && left > 0 { (x, y) = (x * x - y * y + a, 2.0 * x * y + b); left -= 1; }
        if left == 0 { inside += 1; }
    } }
    inside
}

pub fn words(n: u64) -> u64 {
    let mut counts = std::collections::HashMap::new();
    for i in 0..n { *counts.entry(format!("w{}", i % 97)).or_insert(0u64) += i; }
    counts.values().max().copied().unwrap_or(0)
}

pub fn sort(n: u64) -> u64 {
    let mut state = 1u64;
    let mut values: Vec<u64> = (0..n).map(|_| { state = state.wrapping_mul(6364136223846793005).wrapping_add(1); state >> 33 }).collect();
    values.sort_unstable();
    values.iter().step_by(1000).fold(0, |a, b| a ^ b)
}
