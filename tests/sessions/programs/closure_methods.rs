// %%
struct Shop { tax: f64 }
impl Shop {
    fn pricer(&self) -> impl Fn(f64) -> f64 + '_ { move |p| p * (1.0 + self.tax) }
    fn counter() -> impl FnMut() -> u32 { let mut n = 0; move || { n += 1; n } }
    async fn total(&self, a: f64) -> f64 { a * (1.0 + self.tax) }
    async fn fixed(n: u32) -> u32 { n + 1 }
}
let shop = Shop { tax: 0.5 };
// %%
let price = shop.pricer();
let mut count = Shop::counter();
// %%
println!("{} {}", price(2.0), count());
// %%
println!("{} {}", price(4.0), count());
let futures = vec![Shop::fixed(1), Shop::fixed(2)];
let total = shop.total(10.0);
// %%
for f in futures { println!("{}", f.await); }
println!("{}", total.await);
// %%
let counters = vec![Shop::counter(), Shop::counter()];
// %%
let mut cs = counters;
println!("{} {} {}", cs[0](), cs[0](), cs[1]());
// expect: 3 1
// expect: 6 2
// expect: 2
// expect: 3
// expect: 15
// expect: 1 2 1
