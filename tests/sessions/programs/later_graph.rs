// %%
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet, VecDeque};
use std::cmp::{Ordering, Reverse};
// %%
#[derive(Debug, Default)]
struct Graph { edges: HashMap<u32, Vec<(u32, u32)>> }
// %%
impl Graph {
    fn add(&mut self, a: u32, b: u32, w: u32) { self.edges.entry(a).or_default().push((b, w)); self.edges.entry(b).or_default().push((a, w)); }
    fn neighbours(&self, n: u32) -> impl Iterator<Item = &(u32, u32)> + '_ { self.edges.get(&n).into_iter().flatten() }
}
// %%
let mut g = Graph::default();
// %%
for (a, b, w) in [(1, 2, 7), (1, 3, 9), (1, 6, 14), (2, 3, 10), (2, 4, 15), (3, 4, 11), (3, 6, 2), (4, 5, 6), (5, 6, 9)] {
    g.add(a, b, w);
}
// %%
let mut dist: BTreeMap<u32, u32> = BTreeMap::new();
let mut heap = BinaryHeap::new();
// %%
heap.push(Reverse((0, 1)));
// %%
while let Some(Reverse((d, n))) = heap.pop() {
    if dist.contains_key(&n) { continue; }
    dist.insert(n, d);
    for &(m, w) in g.neighbours(n) {
        heap.push(Reverse((d + w, m)));
    }
}
// %%
println!("{dist:?}");
// %%
let mut seen = HashSet::new();
let mut queue = VecDeque::from([1]);
let mut order = vec![];
// %%
while let Some(n) = queue.pop_front() {
    if !seen.insert(n) { continue; }
    order.push(n);
    let mut next: Vec<_> = g.neighbours(n).map(|e| e.0).collect();
    next.sort();
    queue.extend(next);
}
// %%
println!("{order:?}");
// %%
let near = g.neighbours(3);
// %%
let mut weights: Vec<u32> = near.map(|&(_, w)| w).collect();
// %%
weights.sort_unstable_by(|a, b| b.cmp(a));
// %%
println!("{weights:?}");
// %%
#[derive(PartialEq, Eq, Debug)]
struct Job { prio: u8, name: String }
// %%
impl Ord for Job { fn cmp(&self, o: &Self) -> Ordering { self.prio.cmp(&o.prio).then_with(|| o.name.cmp(&self.name)) } }
impl PartialOrd for Job { fn partial_cmp(&self, o: &Self) -> Option<Ordering> { Some(self.cmp(o)) } }
// %%
let mut jobs = BinaryHeap::new();
// %%
jobs.push(Job { prio: 2, name: "wash".into() });
jobs.push(Job { prio: 9, name: "cook".into() });
jobs.push(Job { prio: 2, name: "iron".into() });
// %%
let top = jobs.peek().map(|j| &j.name);
println!("{top:?}");
// %%
while let Some(Job { name, prio }) = jobs.pop() {
    println!("{prio} {name}");
}
// expect: {1: 0, 2: 7, 3: 9, 4: 20, 5: 20, 6: 11}
// expect: [1, 2, 3, 6, 4, 5]
// expect: [11, 10, 9, 2]
// expect: Some("cook")
// expect: 9 cook
// expect: 2 iron
// expect: 2 wash
