// %%
use std::collections::HashMap;
struct Interner<'s> { ids: HashMap<&'s str, usize>, names: Vec<&'s str> }
impl<'s> Interner<'s> {
    fn new() -> Self { Interner { ids: HashMap::new(), names: vec![] } }
    fn get(&mut self, s: &'s str) -> usize {
        if let Some(&i) = self.ids.get(s) { return i; }
        self.ids.insert(s, self.names.len());
        self.names.push(s);
        self.names.len() - 1
    }
}
// %%
let source = String::from("let x be y and let y be x");
let mut interner = Interner::new();
// %%
let ids: Vec<usize> = source.split(' ').map(|w| interner.get(w)).collect();
println!("{ids:?}");
// %%
let more = String::from("be kind");
for w in more.split(' ') { println!("{} -> {}", w, interner.get(w)); }
// %%
println!("{:?}", interner.names);
// expect: [0, 1, 2, 3, 4, 0, 3, 2, 1]
// expect: be -> 2
// expect: kind -> 5
// expect: ["let", "x", "be", "y", "and", "kind"]
