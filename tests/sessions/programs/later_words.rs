// %%
let text = "the cat and the dog and the bird";
let mut lengths = Vec::new();
let mut longest = None;
// %%
for word in text.split(' ') {
    lengths.push(word.len());
    longest = match longest {
        None => Some(word),
        Some(w) if word.len() > str::len(w) => Some(word),
        keep => keep,
    };
}
// %%
lengths.sort_unstable();
println!("lengths {lengths:?}");
println!("longest {:?}", longest);
println!("median {}", lengths[lengths.len() / 2]);
// expect: lengths [3, 3, 3, 3, 3, 3, 3, 4]
// expect: longest Some("bird")
// expect: median 3
