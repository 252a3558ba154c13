// %%
struct Loud(&'static str);
impl Drop for Loud { fn drop(&mut self) { println!("drop {}", self.0); } }
// %%
struct Pair { left: Loud, right: Loud, note: String }
// %%
let pair = Pair { left: Loud("left"), right: Loud("right"), note: "n".into() };
let boxed = Box::new((Loud("b0"), Loud("b1"), 7));
// %%
let Pair { left, note, .. } = pair;
println!("{} {note}", left.0);
// %%
drop(pair.right);
println!("right gone");
// %%
let (b0, ..) = *boxed;
println!("{} {}", boxed.1.0, boxed.2);
// %%
drop(left);
{
    let _keep = b0;
    println!("inner");
}
println!("outer");
// %%
let mut slots = [Some(Loud("s0")), Some(Loud("s1")), None];
let taken = slots[0].take();
// %%
slots.swap(1, 2);
slots[0] = Some(Loud("s3"));
println!("{}", slots.iter().flatten().map(|l| l.0).collect::<Vec<_>>().join(","));
// %%
let [a, b, c] = slots;
drop(c);
println!("c");
// %%
drop((b, a));
let v: Vec<Loud> = ["x", "y", "z"].map(Loud).into();
// %%
let mut it = v.into_iter();
let x = it.next();
// %%
println!("{}", x.is_some());
drop(it);
// %%
let _ = x;
println!("x still {}", x.as_ref().unwrap().0);
// %%
let y = match x { Some(l) if l.0 == "x" => l, _ => unreachable!() };
std::mem::forget(y);
// %%
let f = { let held = Loud("held"); move || held.0.len() };
println!("{}", f());
// %%
drop(f);
drop(taken);
// %%
let late;
late = Loud("late");
let moved = if late.0.len() == 4 { late } else { Loud("no") };
// %%
drop(moved);
drop(boxed.1);
println!("end");
// expect: left n
// expect: drop right
// expect: right gone
// expect: b1 7
// expect: drop left
// expect: inner
// expect: drop b0
// expect: outer
// expect: s3,s1
// expect: drop s1
// expect: c
// expect: drop s3
// expect: true
// expect: drop y
// expect: drop z
// expect: x still x
// expect: drop held
// expect: 4
// expect: drop s0
// expect: drop late
// expect: drop b1
// expect: end
