// %%
#[derive(Debug, Clone, Default)]
struct Stack<T> { items: Vec<T> }
// %%
impl<T> Stack<T> {
    fn new() -> Self { Stack { items: Vec::new() } }
    fn push(&mut self, t: T) -> &mut Self { self.items.push(t); self }
    fn pop(&mut self) -> Option<T> { self.items.pop() }
}
// %%
let mut s = Stack::new();
s.push('a').push('b').push('c');
println!("{:?}", s.pop());
// %%
impl<T: std::fmt::Display> std::fmt::Display for Stack<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "[")?;
        for (i, t) in self.items.iter().enumerate() {
            if i > 0 { write!(f, " ")?; }
            write!(f, "{t}")?;
        }
        write!(f, "]")
    }
}
// %%
println!("{s} {s:?}");
impl<T> FromIterator<T> for Stack<T> {
    fn from_iter<I: IntoIterator<Item = T>>(it: I) -> Self { Stack { items: it.into_iter().collect() } }
}
// %%
let t: Stack<u8> = (1..5).collect();
println!("{t}");
// expect: Some('c')
// expect: [a b] Stack { items: ['a', 'b'] }
// expect: [1 2 3 4]
