// %%
#[derive(Debug, Clone)]
enum Edit { Insert(usize, char), Remove(usize, char) }
let mut text = String::from("cart");
let mut undo = Vec::new();
// %%
let mut apply = |e: Edit| {
    match e {
        Edit::Insert(i, c) => { text.insert(i, c); undo.push(Edit::Remove(i, c)); }
        Edit::Remove(i, c) => { text.remove(i); undo.push(Edit::Insert(i, c)); }
    }
};
// %%
apply(Edit::Insert(4, 's'));
apply(Edit::Remove(0, 'c'));
// %%
println!("{text} {undo:?}");
// %%
while let Some(e) = undo.pop() {
    match e {
        Edit::Insert(i, c) => text.insert(i, c),
        Edit::Remove(i, _) => { text.remove(i); }
    }
}
println!("{text}");
// expect: arts [Remove(4, 's'), Insert(0, 'c')]
// expect: cart
