// %%
use std::collections::HashMap;
use std::marker::PhantomData;
// %%
#[derive(Debug, Clone, Default)]
struct Request { url: String, headers: HashMap<String, String>, body: Option<Vec<u8>> }
// %%
struct RequestBuilder { req: Request }
// %%
impl RequestBuilder {
    fn new(url: impl Into<String>) -> Self { Self { req: Request { url: url.into(), ..Default::default() } } }
    fn header(mut self, k: &str, v: &str) -> Self { self.req.headers.insert(k.into(), v.into()); self }
    fn body(mut self, b: &[u8]) -> Self { self.req.body = Some(b.to_vec()); self }
    fn build(self) -> Request { self.req }
}
// %%
let builder = RequestBuilder::new("http://x").header("A", "1");
// %%
let builder = builder.body(b"hey");
// %%
let req = builder.build();
// %%
println!("{} {:?} {:?}", req.url, req.headers, req.body);
// %%
struct Open; struct Closed;
// %%
struct Door<S> { opened: u32, _s: PhantomData<S> }
// %%
impl Door<Closed> {
    fn new() -> Self { Door { opened: 0, _s: PhantomData } }
    fn open(self) -> Door<Open> { Door { opened: self.opened + 1, _s: PhantomData } }
}
// %%
impl Door<Open> { fn close(self) -> Door<Closed> { Door { opened: self.opened, _s: PhantomData } } }
// %%
let door = Door::new();
// %%
let door = door.open().close();
// %%
let door = door.open();
// %%
println!("{}", door.opened);
// %%
let headers = &req.headers;
// %%
let body = req.body.clone();
// %%
println!("{} {:?}", headers["A"], body.map(|b| b.len()));
// %%
let Request { url, mut headers, .. } = req;
// %%
headers.remove("A");
// %%
println!("{url} {}", headers.len());
// %%
trait Plugin { fn run(&mut self, x: i32) -> i32; }
// %%
impl<F: FnMut(i32) -> i32> Plugin for F { fn run(&mut self, x: i32) -> i32 { self(x) } }
// %%
let mut calls = 0;
// %%
let mut plugins: Vec<Box<dyn Plugin + '_>> = vec![Box::new(|x| x + 1), Box::new(|x| { calls += 1; x * 2 })];
// %%
let out = plugins.iter_mut().fold(5, |x, p| p.run(x));
// %%
println!("{out}");
// %%
drop(plugins);
// %%
println!("{calls}");
// expect: http://x {"A": "1"} Some([104, 101, 121])
// expect: 2
// expect: 1 Some(3)
// expect: http://x 0
// expect: 12
// expect: 1
