// %%
use woozle::multiprocessing::{Process, Queue, Value};

fn work(jobs: Queue<Option<u32>>, answers: Queue<(u32, String)>, sum: Value<u64>) {
    while let Some(n) = jobs.get().unwrap() {
        sum.update(|s| *s += n as u64);
        answers.put((n, format!("{n:b}"))).unwrap();
    }
}
// %%
let jobs = Queue::new()?;
let answers = Queue::new()?;
let sum = Value::new(0)?;
let mut team = Vec::new();
// %%
for _ in 0..2 {
    let p = Process::with_args(work, (jobs.clone(), answers.clone(), sum.clone()))?;
    p.start()?;
    team.push(p);
}
for n in 1..=5 {
    jobs.put(Some(n))?;
}
// %%
let mut got: Vec<(u32, String)> = (0..5).map(|_| answers.get().unwrap()).collect();
got.sort();
for _ in &team { jobs.put(None)?; }
// %%
for p in &team { println!("{}", p.join()?.success()); }
println!("{got:?} {}", sum.get());
// expect: true
// expect: true
// expect: [(1, "1"), (2, "10"), (3, "11"), (4, "100"), (5, "101")] 15
