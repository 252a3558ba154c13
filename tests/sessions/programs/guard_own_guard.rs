// %%
use std::cell::Cell;

struct Depth<'a> {
    level: &'a Cell<u32>,
}

impl<'a> Depth<'a> {
    fn enter(level: &'a Cell<u32>) -> Depth<'a> {
        level.set(level.get() + 1);
        Depth { level }
    }
}

impl Drop for Depth<'_> {
    fn drop(&mut self) {
        self.level.set(self.level.get() - 1);
        println!("left, now {}", self.level.get());
    }
}
// %%
let level = Cell::new(0);
let outer = Depth::enter(&level);
// %%
{
    let _inner = Depth::enter(&level);
    println!("inside {}", level.get());
}
println!("outside {}", level.get());
// %%
drop(outer);
println!("at the end {}", level.get());
// expect: inside 2
// expect: left, now 1
// expect: outside 1
// expect: left, now 0
// expect: at the end 0
