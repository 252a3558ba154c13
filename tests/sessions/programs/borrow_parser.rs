// %%
struct Scanner<'a> {
    src: &'a str,
    pos: usize,
}

impl<'a> Scanner<'a> {
    fn new(src: &'a str) -> Self {
        Scanner { src, pos: 0 }
    }
    fn number(&mut self) -> Option<&'a str> {
        let rest = &self.src[self.pos..];
        let begin = rest.find(|c: char| c.is_ascii_digit())?;
        let tail = &rest[begin..];
        let len = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        self.pos += begin + len;
        Some(&tail[..len])
    }
}
// %%
let source = String::from("x1 = 20 + y34; z=5");
let mut scanner = Scanner::new(&source);
// %%
let one = scanner.number();
println!("{one:?} at {}", scanner.pos);
// %%
let mut found = vec![one.unwrap()];
while let Some(n) = scanner.number() {
    found.push(n);
}
println!("{found:?}");
// %%
println!("{} bytes in {:?}", source.len(), scanner.src);
// expect: Some("1") at 2
// expect: ["1", "20", "34", "5"]
// expect: 18 bytes in "x1 = 20 + y34; z=5"
