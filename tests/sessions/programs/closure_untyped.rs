// %%
let mut log = Vec::new();
// %%
let mut add = |x| log.push(x);
// %%
add(3u8);
add(4);
// %%
println!("{log:?}");
// expect: [3, 4]
