// %%
fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |x| g(f(x))
}

fn power(n: u32) -> impl Fn(i64) -> i64 {
    move |x| x.pow(n)
}
// %%
let square = power(2);
let half = |x: i64| x as f64 / 2.0;
// %%
let both = compose(square, half);
println!("{}", both(5));
// %%
let text = compose(&both, |x| format!("<{x:.2}>"));
println!("{}", text(3));
println!("{:?}", (1..4).map(&both).collect::<Vec<_>>());
// %%
let cube = power(3);
println!("{} {}", cube(-2), text(cube(2)));
// expect: 12.5
// expect: <4.50>
// expect: [0.5, 2.0, 4.5]
// expect: -8 <32.00>
