// %%
struct Tell(u32);
impl Drop for Tell {
    fn drop(&mut self) { println!("drop {}", self.0); }
}
let mut slot = Tell(1);
let mut other = Some(Tell(20));
// %%
slot = Tell(2);
println!("slot {}", slot.0);
// %%
let old = std::mem::replace(&mut slot, Tell(3));
println!("old {} slot {}", old.0, slot.0);
drop(old);
// %%
other = None;
println!("other {}", other.is_none());
other.insert(slot).0 += 100;
// %%
println!("{:?}", other.take().map(|t| t.0));
println!("{}", other.is_none());
// expect: drop 1
// expect: slot 2
// expect: old 2 slot 3
// expect: drop 2
// expect: drop 20
// expect: other true
// expect: drop 103
// expect: Some(103)
// expect: true
