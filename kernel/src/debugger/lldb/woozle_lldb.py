"""What LLDB knows of Woozle: which cell has started a thread, and how the primitives are shown."""

import lldb

# As in runtime/src/process/debugger.rs.
THREADS = 1024
CELLS = "WOOZLE_DEBUGGER_CELLS"
IDENTS = "WOOZLE_DEBUGGER_IDENTS"

# The lowest bit of a lock's state, and of an event's.
LOCKED = 1
SET = 1


def table(target, name):
    """The runtime's table of this name: what belongs to each number."""
    for context in target.FindSymbols(name):
        address = context.symbol.GetStartAddress().GetLoadAddress(target)
        error = lldb.SBError()
        memory = target.process.ReadMemory(address, THREADS * 8, error)
        if error.Success():
            words = (memory[at : at + 8] for at in range(0, len(memory), 8))
            entries = (int.from_bytes(word, "little") for word in words)
            return {entry >> 32: entry & 0xFFFFFFFF for entry in entries if entry}
    return {}


def threads(debugger, command, result, _dict):
    """Prints each thread's number, and that of the crate of the cell that has started it."""
    cells = table(debugger.GetSelectedTarget(), CELLS)
    for thread in debugger.GetSelectedTarget().process:
        if thread.id in cells:
            result.AppendMessage(f"{thread.id} {cells[thread.id]}")


def panic(debugger, command, result, _dict):
    """Prints what the thread of this number panics with: it has stopped in the runtime's function for that."""
    process = debugger.GetSelectedTarget().process
    register = process.GetThreadByID(int(command)).GetFrameAtIndex(0).FindRegister("arg1")
    text = register.GetNonSyntheticValue().GetValueAsUnsigned(0)
    error = lldb.SBError()
    message = process.ReadCStringFromMemory(text, 4096, error)
    if error.Success():
        result.AppendMessage(message)


def function_of(location):
    """Where the function begins that a breakpoint's place is in."""
    address = location.GetAddress()
    function = address.GetFunction()
    start = function.GetStartAddress() if function.IsValid() else address.GetSymbol().GetStartAddress()
    return address.GetModule().GetFileSpec().fullpath, start.GetFileAddress()


def repeats(debugger, command, result, _dict):
    """Says whether a breakpoint's place is not the first one in its function."""
    number, place = (int(part) for part in command.split("."))
    breakpoint = debugger.GetSelectedTarget().FindBreakpointByID(number)
    places = [breakpoint.GetLocationAtIndex(at) for at in range(breakpoint.GetNumLocations())]
    functions = {other.GetID(): function_of(other) for other in places}
    if any(functions[other] == functions.get(place) for other in functions if other < place):
        result.AppendMessage("yes")


def member(value, name):
    """The nearest member of this name, however deep it is."""
    level = [value.GetNonSyntheticValue()]
    for _ in range(12):
        below = []
        for parent in level:
            for child in (parent.GetChildAtIndex(at, lldb.eNoDynamicValues, False) for at in range(parent.GetNumChildren())):
                if child.GetName() == name:
                    return child
                below.append(child.GetNonSyntheticValue())
        level = below
    return None


def number(value):
    """The number in an atomic, or in anything else that has but one."""
    while value and value.GetNonSyntheticValue().GetNumChildren() > 0:
        value = value.GetNonSyntheticValue().GetChildAtIndex(0, lldb.eNoDynamicValues, False)
    return value.GetNonSyntheticValue().GetValueAsUnsigned(0) if value else 0


def shared(value):
    """What a handle leads to; nothing before it is used for the first time."""
    pointer = member(value, "pointer")
    if not pointer or not pointer.GetValueAsUnsigned(0):
        return None
    data = pointer.Dereference().GetChildMemberWithName("data")
    return data if data.IsValid() else None


def holder(value, owner):
    """The name of a thread, by its ident."""
    target = value.GetTarget()
    tid = table(target, IDENTS).get(owner)
    thread = target.process.GetThreadByID(tid) if tid else None
    if thread and thread.IsValid():
        return "the main thread" if tid == target.process.id else f"thread {thread.name}"
    return "a thread that has ended" if tid else "a thread"


def lock(value, _dict):
    inner = shared(value)
    if not inner or not number(member(inner, "state")) & LOCKED:
        return "unlocked"
    return "held by " + holder(value, number(member(inner, "owner")))


def rlock(value, _dict):
    inner = shared(value)
    if not inner or not number(member(inner, "state")) & LOCKED:
        return "unlocked"
    again = number(member(inner, "again"))
    times = f", {again + 1} times" if again else ""
    return "held by " + holder(value, number(member(inner, "owner"))) + times


def event(value, _dict):
    inner = shared(value)
    return "set" if inner and number(member(inner, "state")) & SET else "not set"


def semaphore(value, _dict):
    inner = shared(value)
    return f"{number(member(inner, 'permits'))} free" if inner else "not used yet"


def queue(value, _dict):
    inner = shared(value)
    ends = [inner.GetChildMemberWithName(end) for end in ("front", "back")] if inner else []
    items = sum(number(end.GetChildMemberWithName("len")) for end in ends)
    return f"{items} item" if items == 1 else f"{items} items"


SUMMARIES = {
    "lock": "^woozle::threading::lock::Lock$",
    "rlock": "^woozle::threading::rlock::RLock$",
    "event": "^woozle::threading::event::Event$",
    "semaphore": "^woozle::threading::(bounded_)?semaphore::(Bounded)?Semaphore$",
    "queue": "^woozle::queue::(kinds|simple)::[A-Za-z]*Queue<.*>$",
}


def __lldb_init_module(debugger, _dict):
    debugger.HandleCommand(f"command script add -f {__name__}.threads woozle_threads")
    debugger.HandleCommand(f"command script add -f {__name__}.panic woozle_panic")
    debugger.HandleCommand(f"command script add -f {__name__}.repeats woozle_repeats")
    for function, name in SUMMARIES.items():
        debugger.HandleCommand(f'type summary add -w Woozle -e -F {__name__}.{function} -x "{name}"')
    # Bytes are numbers in Rust.
    debugger.HandleCommand('type format add -w Woozle -f u "unsigned char"')
    debugger.HandleCommand('type format add -w Woozle -f d "char" "signed char"')
    debugger.HandleCommand("type category enable Woozle")
