// %%
use rayon::prelude::*;

let mut words: Vec<String> = "the quick brown fox jumps over the lazy dog".split(' ').map(String::from).collect();
words.par_sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
// %%
println!("{}", words.join(" "));
let upper = words.par_iter().map(|w| w.to_uppercase());
// %%
let collected: Vec<String> = upper.filter(|w| w.len() > 3).collect();
println!("{collected:?}");
// %%
let mut cells = vec![0u32; 10];
cells.par_chunks_mut(4).enumerate().for_each(|(i, part)| {
    for (j, c) in part.iter_mut().enumerate() {
        *c = (i * 10 + j) as u32;
    }
});
println!("{cells:?}");
// expect: dog fox the the lazy over brown jumps quick
// expect: ["LAZY", "OVER", "BROWN", "JUMPS", "QUICK"]
// expect: [0, 1, 2, 3, 10, 11, 12, 13, 20, 21]
