// %%
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

let mut temps = BTreeMap::new();
for (i, t) in [12.5f64, 13.0, 17.25, 21.0, 19.5, 14.0].into_iter().enumerate() {
    temps.insert(i as u32 * 4, t);
}
// %%
let morning: Vec<_> = temps.range(4..=12).map(|(h, t)| format!("{h}h {t}")).collect();
println!("{}", morning.join(", "));
// %%
*temps.entry(8).or_insert(0.0) += 1.0;
temps.entry(21).or_insert(16.0);
let after = temps.range((Excluded(16), Unbounded)).next();
println!("{after:?}");
// %%
let evening = temps.split_off(&18);
println!("{} {}", temps.len(), evening.len());
let max = temps.iter().max_by(|a, b| a.1.total_cmp(b.1));
println!("{max:?} {:?}", evening.last_key_value());
// %%
while let Some(e) = temps.first_entry() && *e.get() < 18.0 {
    e.remove();
}
println!("{temps:?}");
// expect: 4h 13, 8h 17.25, 12h 21
// expect: Some((20, 14.0))
// expect: 5 2
// expect: Some((12, 21.0)) Some((21, 16.0))
// expect: {8: 18.25, 12: 21.0, 16: 19.5}
