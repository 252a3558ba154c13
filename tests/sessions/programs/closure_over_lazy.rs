// %%
use std::sync::LazyLock;
let base = 10;
let lazy = LazyLock::new(move || { println!("init"); base * 2 });
// %%
let get = || *lazy + 1;
// %%
println!("{}", get());
println!("{}", *lazy);
// %%
let numbers = (1..4).map(move |x| x + base);
let all = &numbers;
// %%
println!("{:?}", all.clone().collect::<Vec<_>>());
println!("{}", numbers.clone().rev().sum::<i32>());
// %%
let mut pair = (String::from("p"), || 3);
// %%
let name = &mut pair.0;
// %%
name.push('x');
println!("{}", (pair.1)());
// %%
println!("{name}");
// %%
let mut moved = numbers;
println!("{:?}", moved.next());
// expect: init
// expect: 21
// expect: 20
// expect: [11, 12, 13]
// expect: 36
// expect: 3
// expect: px
// expect: Some(11)
