// %%
let x = 5;
let label = "outer";
// %%
{
    let x = x * 2;
    let label = format!("inner of {label}");
    println!("{x} {label}");
    {
        let x = 'z';
        println!("{x}");
    }
    println!("{x}");
}
println!("{x} {label}");
// %%
let x = if let Some(x) = Some(x + 1) { x } else { 0 };
let f = |x: i32| x + 1;
println!("{} {x}", f(x));
// %%
match x { x @ 6 => println!("six {x}"), x => println!("other {x}") }
for x in 0..2 { print!("{x};"); }
println!("{x}");
// expect: 10 inner of outer
// expect: z
// expect: 10
// expect: 5 outer
// expect: 7 6
// expect: six 6
// expect: 0;1;6
