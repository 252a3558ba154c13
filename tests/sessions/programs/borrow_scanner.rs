// %%
#[derive(Debug, Clone, PartialEq)]
enum Token<'s> { Word(&'s str), Number(i64), Mark(char) }
// %%
struct Scanner<'s> { text: &'s str, at: usize, line: u32 }
// %%
impl<'s> Iterator for Scanner<'s> {
    type Item = Token<'s>;
    fn next(&mut self) -> Option<Token<'s>> {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        let c = rest.chars().next()?;
        let end = if c.is_alphanumeric() { rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()) } else { c.len_utf8() };
        self.at += end;
        let word = &rest[..end];
        Some(match word.parse() { Ok(n) => Token::Number(n), _ if c.is_alphanumeric() => Token::Word(word), _ => Token::Mark(c) })
    }
}
// %%
let text = String::from("let x = 40 + y;");
// %%
let mut scanner = Scanner { text: &text, at: 0, line: 1 };
// %%
let first = scanner.next();
// %%
println!("{first:?} {}", scanner.line);
// %%
let rest: Vec<Token> = scanner.by_ref().collect();
// %%
println!("{rest:?}");
// %%
let other = "a b".to_string();
scanner = Scanner { text: &other, at: 0, line: 2 };
// %%
println!("{:?} {:?}", scanner.next(), rest.len());
// %%
let mut words = rest.iter().filter_map(|t| if let Token::Word(w) = t { Some(*w) } else { None });
// %%
println!("{:?}", words.next());
println!("{:?}", words.next());
// expect: Some(Word("let")) 1
// expect: [Word("x"), Mark('='), Number(40), Mark('+'), Word("y"), Mark(';')]
// expect: Some(Word("a")) 6
// expect: Some("x")
// expect: Some("y")
