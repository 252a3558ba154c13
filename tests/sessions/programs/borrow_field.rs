// %%
#[derive(Debug, Clone, PartialEq)]
struct Item { name: String, qty: u32, price: f32 }
// %%
#[derive(Debug)]
struct Inventory { owner: String, items: Vec<Item>, log: Vec<String> }
// %%
impl Inventory {
    fn new(owner: &str) -> Self { Inventory { owner: owner.to_string(), items: Vec::new(), log: vec![] } }
    fn add(&mut self, name: &str, qty: u32, price: f32) -> &mut Item {
        self.log.push(format!("add {name}"));
        self.items.push(Item { name: name.to_string(), qty, price });
        self.items.last_mut().unwrap()
    }
    fn find(&self, name: &str) -> Option<&Item> { self.items.iter().find(|i| i.name == name) }
}
// %%
let mut inv = Inventory::new("kim");
// %%
let item = inv.add("nail", 100, 0.05);
item.qty += 20;
// %%
println!("{:?}", item);
// %%
inv.add("hammer", 2, 12.5).price = 11.0;
// %%
let log = &mut inv.log;
log.push("checked".to_string());
// %%
println!("{} has {} kinds", inv.owner, inv.items.len());
// %%
log.push("done".into());
// %%
println!("{:?}", inv.log);
// %%
if let Some(h) = inv.find("hammer") {
    println!("hammer costs {}", h.price);
}
// %%
let nails = inv.find("nail").unwrap();
// %%
let worth = nails.qty as f32 * nails.price;
println!("nails are worth {worth:.2}");
// %%
let Inventory { owner, items, .. } = inv;
// %%
println!("{owner}: {}", items.iter().map(|i| i.name.as_str()).collect::<Vec<_>>().join(", "));
// expect: Item { name: "nail", qty: 120, price: 0.05 }
// expect: kim has 2 kinds
// expect: ["add nail", "add hammer", "checked", "done"]
// expect: hammer costs 11
// expect: nails are worth 6.00
// expect: kim: nail, hammer
