// %%
use std::collections::BTreeMap as Map;

fn fill() -> Map<u32, &'static str> {
    Map::from([(2, "b"), (1, "a")])
}
// %%
let sorted = fill();
println!("{sorted:?}");
// %%
use std::collections::HashMap as Map;

let hashed: Map<u32, u32> = (0..5).map(|n| (n, n * n)).collect();
let mut keys: Vec<_> = hashed.into_keys().collect();
keys.sort();
println!("{keys:?}");
// %%
mod metric { pub fn unit() -> &'static str { "m" } }
mod imperial { pub fn unit() -> &'static str { "ft" } }
use metric::unit;
fn label(n: usize) -> String { format!("{n} {}", unit()) }
println!("{}", label(3));
// %%
use imperial::unit;
// %%
fn label(n: usize) -> String { format!("{n} {}", unit()) }
println!("{} {}", label(keys.len()), std::any::type_name::<Map<u8, u8>>().contains("hash"));
println!("{:?}", sorted.first_key_value());
// expect: {1: "a", 2: "b"}
// expect: [0, 1, 2, 3, 4]
// expect: 3 m
// expect: 5 ft true
// expect: Some((1, "a"))
