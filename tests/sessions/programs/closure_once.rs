// %%
let letter = String::from("dear reader");
let envelope = vec!["stamp", "address"];
let send = move || {
    let n = envelope.len();
    drop(envelope);
    (letter, n)
};
// %%
println!("ready to send: {}", std::mem::size_of_val(&send) > 0);
// %%
fn deliver<F: FnOnce() -> (String, usize)>(f: F) -> String {
    let (text, n) = f();
    format!("{text} with {n}")
}
println!("{}", deliver(send));
// %%
let later: Box<dyn FnOnce(u32) -> u32> = {
    let base = Box::new(40);
    Box::new(move |x| *base + x)
};
let maybe = Some(later);
// %%
if let Some(f) = maybe {
    println!("{}", f(2));
}
// expect: ready to send: true
// expect: dear reader with 2
// expect: 42
