// %%
fn make_counter(step: i32) -> impl FnMut() -> i32 {
    let mut n = 0;
    move || {
        n += step;
        n
    }
}
// %%
let mut by_two = make_counter(2);
let mut total = 0;
println!("{}", by_two());
// %%
let mut add = |k: i32| {
    total += k;
    total
};
add(by_two());
add(by_two());
// %%
println!("{}", add(100));
println!("{}", by_two());
// %%
println!("total {total}");
fn apply(mut f: impl FnMut() -> i32, times: usize) -> Vec<i32> { (0..times).map(|_| f()).collect() }
println!("{:?} {}", apply(&mut by_two, 3), by_two());
// expect: 2
// expect: 110
// expect: 8
// expect: total 110
// expect: [10, 12, 14] 16
