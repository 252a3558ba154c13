// %%
let text = String::from("a b\nc d");
let mut parts = text.split(' ');
let mut lines = text.lines();
let mut words = text.split_whitespace();
let mut it = text.match_indices('b');
let (head, tail) = text.split_once(' ').unwrap();
let mut rs = text.rsplitn(2, ' ');
// %%
println!("{:?} {:?} {:?} {:?} {head} {tail:?} {:?}", parts.next(), lines.next(), words.next(), it.next(), rs.next());
// %%
println!("{:?} {:?} {:?}", parts.next(), lines.next(), words.collect::<Vec<_>>());
let first = parts.next();
// %%
println!("{first:?} {:?}", parts.next());
// expect: Some("a") Some("a b") Some("a") Some((2, "b")) a "b\nc d" Some("d")
// expect: Some("b\nc") Some("c d") ["b", "c", "d"]
// expect: Some("d") None
