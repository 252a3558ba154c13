// %%
fn primes() -> impl Iterator<Item = u32> {
    (2..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

fn evens(v: &[u32]) -> impl Iterator<Item = &u32> + '_ {
    v.iter().filter(|n| *n % 2 == 0)
}
// %%
let mut p = primes();
let first: Vec<u32> = p.by_ref().take(5).collect();
println!("{first:?}");
// %%
println!("next {:?}", p.next());
let big = p.find(|n| *n > 40).unwrap();
println!("{big}");
// %%
let data = vec![1, 2, 3, 4, 6];
let mut e = evens(&data);
// %%
println!("{:?} {:?}", e.next(), e.next_back_or());
trait NextBackOr { fn next_back_or(&mut self) -> u32; }
impl<'a, I: Iterator<Item = &'a u32>> NextBackOr for I {
    fn next_back_or(&mut self) -> u32 { self.last().copied().unwrap_or(0) }
}
// expect: [2, 3, 5, 7, 11]
// expect: next Some(13)
// expect: 41
// expect: Some(2) 6
