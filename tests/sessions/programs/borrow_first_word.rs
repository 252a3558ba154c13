// %%
let text = String::from("Rust   makes borrowing explicit");
let first = text.split_whitespace().next().unwrap();
let last = text.rsplit(' ').next().unwrap();
// %%
println!("first {first:?}, last {last:?}");
let glued = [first, last].join("+");
// %%
println!("{glued} of {} bytes", text.len());
let offset = last.as_ptr() as usize - text.as_ptr() as usize;
println!("last begins at {offset}");
// %%
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let n = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    &a[..n]
}
let stem = common(first, "Rusty");
// %%
println!("{stem:?} {}", std::ptr::eq(stem, first));
// expect: first "Rust", last "explicit"
// expect: Rust+explicit of 31 bytes
// expect: last begins at 23
// expect: "Rust" true
