// %%
let mut jobs = vec![5u32, 12, 7, 20, 3, 9]
    .into_iter()
    .enumerate()
    .filter(|(_, cost)| cost % 2 == 1)
    .map(|(i, cost)| format!("job{i}:{cost}"));
// %%
println!("{:?}", jobs.next());
println!("{:?}", jobs.size_hint().1);
// %%
let two: Vec<String> = jobs.by_ref().take(2).collect();
println!("{two:?}");
// %%
let mut tail = jobs.chain(std::iter::once("end".to_string())).rev();
println!("{:?}", tail.next());
// %%
println!("{}", tail.collect::<Vec<_>>().join("|"));
// expect: Some("job0:5")
// expect: Some(5)
// expect: ["job2:7", "job4:3"]
// expect: Some("end")
// expect: job5:9
