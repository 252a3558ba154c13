// %%
let mut words = vec!["pear", "fig"];
let mut names: Vec<&str> = words.iter().map(|w| &w[..2]).collect();
// %%
let slot = &mut names;
slot.push("zz");
// %%
slot.sort();
println!("{slot:?}");
// %%
names.clear();
words.clear();
println!("{} {}", names.len(), words.len());
// expect: ["fi", "pe", "zz"]
// expect: 0 0
