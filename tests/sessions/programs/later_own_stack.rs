// %%
struct Stack<T> { items: Vec<T> }
impl<T> Stack<T> {
    fn new() -> Self { Stack { items: Vec::new() } }
    fn push(&mut self, t: T) { self.items.push(t); }
    fn pop(&mut self) -> Option<T> { self.items.pop() }
}
// %%
let mut s = Stack::new();
s.push(1);
s.push(2);
// %%
let big: u64 = 5_000_000_000;
s.push(big);
// %%
while let Some(x) = s.pop() { println!("{x}"); }
// expect: 5000000000
// expect: 2
// expect: 1
