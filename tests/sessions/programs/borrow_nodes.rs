// %%
#[derive(Debug)]
struct Node<'a> { name: &'a str, kids: Vec<Node<'a>>, parent: std::cell::Cell<Option<&'a str>> }
let src = String::from("root child");
let mut root = Node { name: &src[..4], kids: vec![], parent: Default::default() };
// %%
root.kids.push(Node { name: &src[..4], kids: vec![], parent: std::cell::Cell::new(Some(root.name)) });
println!("{root:?}");
// %%
let names: Vec<&str> = root.kids.iter().map(|k| k.name).collect();
println!("{names:?}");
// %%
println!("{names:?} {}", root.kids.len());
// %%
struct Stack<'a, T> { items: &'a mut Vec<T> }
impl<'a, T: Clone> Stack<'a, T> { fn push(&mut self, t: T) -> &mut Self { self.items.push(t); self } fn top(&self) -> Option<&T> { self.items.last() } }
let mut store = vec![1];
let mut stack = Stack { items: &mut store };
// %%
stack.push(2).push(3);
println!("{:?}", stack.top());
// %%
stack.push(4);
println!("{store:?}");
// %%
let text = "one two three";
let mut map = std::collections::HashMap::new();
for w in text.split(' ') { map.entry(w.len()).or_insert_with(Vec::new).push(w); }
// %%
let longest = map.iter().max_by_key(|(n, _)| **n).unwrap();
println!("{longest:?}");
// %%
let mut data = vec![3, 1, 2];
let (lo, hi) = data.split_at_mut(1);
// %%
std::mem::swap(&mut lo[0], &mut hi[0]);
println!("{lo:?} {hi:?}");
// %%
println!("{data:?}");
// %%
let mut grid = vec![vec![0; 2]; 2];
let mut rows: Vec<std::slice::IterMut<i32>> = grid.iter_mut().map(|r| r.iter_mut()).collect();
// %%
*rows[1].next().unwrap() = 5;
// %%
println!("{grid:?}");
// %%
let cell = std::cell::RefCell::new(vec![1]);
let view = cell.borrow();
let total = || view.iter().sum::<i32>();
// %%
println!("{}", total());
// %%
drop(view);
cell.borrow_mut().push(2);
println!("{cell:?}");
// expect: Node { name: "root", kids: [Node { name: "root", kids: [], parent: Cell { value: Some("root") } }], parent: Cell { value: None } }
// expect: ["root"]
// expect: ["root"] 1
// expect: Some(3)
// expect: [1, 2, 3, 4]
// expect: (5, ["three"])
// expect: [1] [3, 2]
// expect: [1, 3, 2]
// expect: [[0, 0], [5, 0]]
// expect: 1
// expect: RefCell { value: [1, 2] }
