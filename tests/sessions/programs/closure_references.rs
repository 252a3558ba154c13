// %%
use std::rc::Rc;
let base = Rc::new(5);
let inc = { let b = base.clone(); move |x: i32| x + *b };
let r = &inc;
let twice = |x| r(r(x));
// %%
println!("{} {}", r(1), twice(1));
// %%
println!("{} {}", inc(2), twice(3));
// %%
let mut n = 0;
let mut bump = || { n += 1; n };
let again = 1;
// %%
println!("{}", bump());
// %%
println!("{}", bump());
println!("{n}");
// %%
let words = vec!["a".to_string(), "b".to_string()];
let find = |s: &str| words.iter().position(|w| w == s);
let both = |a: &str, b: &str| (find(a), find(b));
// %%
println!("{:?}", both("a", "z"));
println!("{:?}", find("b"));
// %%
let fs: [&dyn Fn(&str) -> Option<usize>; 1] = [&find];
println!("{:?}", fs[0]("a"));
// %%
println!("{:?}", fs[0]("b"));
// expect: 6 11
// expect: 7 13
// expect: 1
// expect: 2
// expect: 2
// expect: (Some(0), None)
// expect: Some(1)
// expect: Some(0)
// expect: Some(1)
