// %%
let words = vec!["bb".to_string(), "a".to_string()];
let first = || words[0].as_str();
let longest = |n: usize| words.iter().find(|w| w.len() > n).map(|w| w.as_str());
let hello = || "hello";
let k = String::from("k");
let own = move || { let s: &'static str = "own"; println!("{k}"); s };
// %%
println!("{} {:?} {:?} {} {}", first(), longest(1), longest(5), hello(), own());
// %%
let x = first();
let table: Vec<(&str, Box<dyn Fn() -> &'static str>)> = vec![("h", Box::new(hello))];
// %%
println!("{x} {}", table[0].1());
println!("{}", own());
std::thread::scope(|s| { s.spawn(|| println!("{}", first())); });
// expect: k
// expect: bb Some("bb") None hello own
// expect: bb hello
// expect: k
// expect: own
// expect: bb
