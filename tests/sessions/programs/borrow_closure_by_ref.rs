// %%
let limit = 10;
let words = vec!["pear", "fig", "watermelon", "banana", "pomegranate"];
let short = |w: &&&str| w.len() < limit;
// %%
let kept: Vec<_> = words.iter().filter(short).collect();
println!("{kept:?}");
// %%
let mut seen = Vec::new();
let mut note = |w: &str| {
    seen.push(w.to_uppercase());
    seen.len()
};
println!("{}", note("first"));
// %%
for w in words.iter().skip(3) {
    note(w);
}
// %%
println!("{seen:?}, limit {limit}");
seen.clear();
println!("{} {}", seen.len(), words.len());
// expect: ["pear", "fig", "banana"]
// expect: 1
// expect: ["FIRST", "BANANA", "POMEGRANATE"], limit 10
// expect: 0 5
