// %%
// Search for the longest run of a rising sequence.
let prices = [3, 5, 8, 2, 4, 6, 9, 11, 1, 7];
let mut best = None;
let mut start = 0;
// %%
for i in 1..=prices.len() {
    if i == prices.len() || prices[i] < prices[i - 1] {
        let run = i - start;
        if best.is_none_or(|(_, len)| run > len) {
            best = Some((start, run));
        }
        start = i;
    }
}
// %%
let (from, len) = best.unwrap();
println!("from {from}, {len} long: {:?}", &prices[from..from + len]);
// %%
let sum: u64 = prices.iter().sum();
println!("sum {sum}, mean {:.1}", sum as f64 / prices.len() as f64);
// expect: from 3, 5 long: [2, 4, 6, 9, 11]
// expect: sum 56, mean 5.6
