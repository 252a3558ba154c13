// %%
let text = String::from(" b,a;c ");
let text = text.trim();
let rows: Vec<Vec<&str>> = text.split(';').map(|row| row.split(',').collect()).collect();
// %%
println!("{text:?} {rows:?}");
// %%
let v = vec![3, 1, 2];
let v = { let mut v = v; v.sort(); v };
let tail = &v[1..];
// %%
let v = v.iter().map(|n| n.to_string()).collect::<Vec<_>>();
println!("{tail:?} {v:?}");
// %%
let mut bytes = [1, 2, 3, 4];
let (left, right) = bytes.split_at_mut(2);
let bytes = "bytes";
left[0] = 9;
// %%
right[1] += left[0];
println!("{left:?} {right:?} {bytes}");
// %%
struct Told(&'static str);
impl Drop for Told {
    fn drop(&mut self) { println!("drop {}", self.0); }
}
let first = Told("first");
let also = &first;
let first = Told("second");
// %%
let n = 3;
let n = &n;
let add = |x: i32| x + n;
let n = n + 1;
println!("{} {}", first.0, also.0);
drop(first);
// %%
println!("{} {} {n}", also.0, add(4));
// %%
let line = String::from("  key = value ");
// %%
let line = line.trim();
let (key, value) = line.split_once('=').unwrap();
let line = line.chars();
// %%
println!("{key:?} {value:?} {:?}", line.last());
let words = vec!["b".to_string(), "a".to_string()];
let old = &words;
// %%
let words = words.iter().map(|w| w.to_uppercase()).collect::<Vec<_>>();
let first = &words[0];
println!("{old:?}");
// %%
let words = words.iter().rev().collect::<Vec<_>>();
// %%
println!("{words:?} {first} {old:?}");
// expect: "b,a;c" [["b", "a"], ["c"]]
// expect: [2, 3] ["1", "2", "3"]
// expect: [9, 2] [3, 13] bytes
// expect: second first
// expect: drop second
// expect: first 7 4
// expect: "key " " value" Some('e')
// expect: ["b", "a"]
// expect: ["A", "B"] B ["b", "a"]
