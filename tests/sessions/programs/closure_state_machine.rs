// %%
#[derive(Debug, Clone, Copy, PartialEq)]
enum State { Idle, Up(u8), Down(u8) }
let mut state = State::Idle;
let mut floor = 0u8;
let mut history = vec![];
// %%
let mut step = |request: Option<u8>| {
    state = match (state, request) {
        (State::Idle, Some(f)) if f > floor => State::Up(f),
        (State::Idle, Some(f)) if f < floor => State::Down(f),
        (State::Up(f), _) if floor + 1 == f => { floor = f; State::Idle }
        (State::Up(f), _) => { floor += 1; State::Up(f) }
        (State::Down(f), _) if floor - 1 == f => { floor = f; State::Idle }
        (State::Down(f), _) => { floor -= 1; State::Down(f) }
        (s, _) => s,
    };
    history.push((floor, state));
};
// %%
step(Some(3));
for _ in 0..3 { step(None); }
// %%
step(Some(1));
step(None);
// %%
for (f, s) in &history { println!("{f} {s:?}"); }
println!("{floor} {state:?}");
// expect: 0 Up(3)
// expect: 1 Up(3)
// expect: 2 Up(3)
// expect: 3 Idle
// expect: 3 Down(1)
// expect: 2 Down(1)
// expect: 2 Down(1)
