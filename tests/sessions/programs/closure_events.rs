// %%
use std::collections::HashMap;
// %%
struct Button<'a> { label: String, handlers: Vec<Box<dyn FnMut(&str) -> bool + 'a>> }
// %%
impl<'a> Button<'a> {
    fn new(label: &str) -> Self { Self { label: label.into(), handlers: Vec::new() } }
    fn on_click(&mut self, f: impl FnMut(&str) -> bool + 'a) -> &mut Self { self.handlers.push(Box::new(f)); self }
    fn click(&mut self) -> usize { let l = &self.label; self.handlers.iter_mut().filter_map(|h| h(l).then_some(())).count() }
}
// %%
let mut log = Vec::new();
// %%
let mut button = Button::new("ok");
// %%
button.on_click(|l| { log.push(l.to_string()); true }).on_click(|l| l.len() > 5);
// %%
println!("{}", button.click());
// %%
println!("{}", button.click());
// %%
drop(button);
// %%
println!("{log:?}");
// %%
struct Counter { count: u32, on_change: Option<Box<dyn Fn(u32)>> }
// %%
impl Counter {
    fn inc(&mut self) { self.count += 1; if let Some(f) = &self.on_change { f(self.count) } }
}
// %%
let mut c = Counter { count: 0, on_change: None };
// %%
c.inc();
// %%
c.on_change = Some(Box::new(|n| println!("now {n}")));
// %%
c.inc();
// %%
let hook = &mut c.on_change;
// %%
let old = hook.take();
// %%
println!("{} {}", c.count, old.is_some());
// %%
*hook = Some(Box::new(|n| println!("again {n}")));
// %%
c.inc();
// %%
let mut commands: HashMap<&str, fn(&mut Vec<i32>, i32)> = HashMap::new();
// %%
commands.insert("push", |v, n| v.push(n));
commands.insert("fill", |v, n| v.iter_mut().for_each(|x| *x = n));
// %%
let mut data = vec![1];
// %%
for (name, arg) in [("push", 5), ("fill", 2), ("none", 0)] {
    match commands.get(name) {
        Some(f) => f(&mut data, arg),
        None => println!("unknown {name}"),
    }
}
// %%
println!("{data:?}");
// %%
let mut tasks: Vec<Box<dyn FnOnce() -> String>> = vec![];
// %%
let owned = String::from("owned");
// %%
tasks.push(Box::new(move || owned + "!"));
tasks.push(Box::new(|| "plain".to_string()));
// %%
let results: Vec<String> = tasks.into_iter().map(|t| t()).collect();
// %%
println!("{results:?}");
// %%
let compose = |fs: Vec<Box<dyn Fn(i32) -> i32>>| move |x| fs.iter().fold(x, |acc, f| f(acc));
// %%
let pipeline = compose(vec![Box::new(|x| x + 1), Box::new(|x| x * 10)]);
// %%
println!("{}", pipeline(4));
// expect: 1
// expect: 1
// expect: ["ok", "ok"]
// expect: now 2
// expect: 2 true
// expect: again 3
// expect: unknown none
// expect: [2, 2]
// expect: ["owned!", "plain"]
// expect: 50
