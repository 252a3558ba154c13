// %%
let hour = 14u32;
let part = if hour < 12 {
    "morning"
} else if hour < 18 {
    "afternoon"
} else {
    "evening"
};
// %%
let area = {
    let (w, h) = (3.0, 4.5);
    let half = w * h / 2.0;
    half
};
println!("{part} {area}");
// %%
let bits = {
    let mut n = 13u32;
    let mut out = String::new();
    while n > 0 {
        out.insert(0, if n & 1 == 1 { '1' } else { '0' });
        n >>= 1;
    }
    out
};
let parsed = (|| -> Option<u32> { Some(u32::from_str_radix(&bits, 2).ok()? + hour.checked_sub(14)?) })();
// %%
println!("{bits} {parsed:?}");
let kind = match bits.len() { n if n > 3 => { println!("long"); 'L' } _ => 'S' };
const { assert!(usize::BITS >= 32) };
println!("{kind} {}", unsafe { std::str::from_utf8_unchecked(&[82, 117]) });
// expect: afternoon 6.75
// expect: 1101 Some(13)
// expect: long
// expect: L Ru
