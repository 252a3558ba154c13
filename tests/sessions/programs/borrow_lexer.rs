// %%
use std::iter::Peekable; use std::str::Chars; use std::cell::RefCell; use std::rc::Rc;
struct Lexer<'a> { chars: Peekable<Chars<'a>>, seen: usize }
impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self { Lexer { chars: text.chars().peekable(), seen: 0 } }
    fn number(&mut self) -> Option<u32> {
        let mut n = None;
        while let Some(d) = self.chars.peek().and_then(|c| c.to_digit(10)) { self.chars.next(); self.seen += 1; n = Some(n.unwrap_or(0) * 10 + d); }
        n
    }
}
let text = String::from("12+345");
let mut lexer = Lexer::new(&text);
let mut chars = text.chars().peekable();
// %%
println!("{:?}", lexer.number());
while let Some(c) = chars.next_if(|c| c.is_ascii_digit()) { print!("{c} "); }
println!();
// %%
lexer.chars.next();
println!("{:?} {} {:?}", lexer.number(), lexer.seen, chars.peek());
// %%
let words = vec!["a".to_string(), "b".to_string()];
let names: RefCell<Vec<&str>> = RefCell::new(Vec::new());
names.borrow_mut().push(&words[0]);
// %%
names.borrow_mut().push(&words[1]);
println!("{:?}", names.borrow());
// %%
println!("{}", names.borrow().len());
// %%
let mut list: Vec<&mut i32> = Vec::new();
let (mut a, mut b) = (1, 2);
// %%
let mut ra = [1, 2, 3];
let mut refs: Vec<&mut i32> = ra.iter_mut().collect();
// %%
*refs[0] += 5;
// %%
println!("{ra:?}");
// expect: Some(12)
// expect: 1 2 
// expect: Some(345) 5 Some('+')
// expect: ["a", "b"]
// expect: 2
// expect: [6, 2, 3]
