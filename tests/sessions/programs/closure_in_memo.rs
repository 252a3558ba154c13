// %%
use std::collections::HashMap;
use std::hash::Hash;
// %%
struct Memo<F, K, V> { f: F, seen: HashMap<K, V>, misses: usize }
// %%
impl<F: Fn(&K) -> V, K: Hash + Eq + Clone, V: Clone> Memo<F, K, V> {
    fn new(f: F) -> Self { Memo { f, seen: HashMap::new(), misses: 0 } }
    fn get(&mut self, k: K) -> V {
        if let Some(v) = self.seen.get(&k) { return v.clone(); }
        self.misses += 1;
        let v = (self.f)(&k);
        self.seen.insert(k, v.clone());
        v
    }
}
// %%
let words = ["one", "three", "one"];
let factor = 2;
// %%
let mut memo = Memo::new(|s: &&str| s.len() * factor);
// %%
let lens: Vec<usize> = words.iter().map(|w| memo.get(w)).collect();
// %%
println!("{lens:?} {}", memo.misses);
// %%
let misses = &mut memo.misses;
*misses += 10;
// %%
println!("{misses}");
// %%
println!("{}", memo.get("four") + memo.misses);
// %%
let Memo { seen, misses, .. } = memo;
let mut keys: Vec<_> = seen.into_keys().collect();
keys.sort();
// %%
println!("{keys:?} {misses}");
// expect: [6, 10, 6] 2
// expect: 12
// expect: 21
// expect: ["four", "one", "three"] 13
