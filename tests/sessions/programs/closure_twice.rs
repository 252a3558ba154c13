// %%
fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C { move |x| g(f(x)) }
fn twice<T>(f: impl Fn(T) -> T) -> impl Fn(T) -> T { move |x| f(f(x)) }
fn boxed<'a>(s: &'a str) -> Box<dyn Fn(&str) -> String + 'a> { Box::new(move |t| format!("{s}{t}")) }
let base = String::from("ab");
// %%
let inc = |x: i32| x + 1;
let add2 = twice(inc);
let add4 = twice(&add2);
let pre = boxed(&base);
// %%
println!("{} {} {}", add2(1), add4(1), pre("c"));
// %%
let len = compose(|s: &str| s.len(), |n| n * 2);
// %%
let fs: Vec<Box<dyn Fn(i32) -> i32>> = vec![Box::new(inc), Box::new(&add2), Box::new(add4)];
println!("{:?}", fs.iter().map(|f| f(10)).collect::<Vec<_>>());
// %%
println!("{}", fs.len());
println!("{}", add2(5));
// expect: 3 5 abc
// expect: [11, 12, 14]
// expect: 3
// expect: 7
