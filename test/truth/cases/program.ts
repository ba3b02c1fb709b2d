import type { TruthCase } from "../case.ts";
import { rules } from "../rules.ts";
import { go, python, python3 } from "./parts.ts";

/** Limits inside a program that waits: nothing of the kernel's is full. */
export const programCases: TruthCase[] = [
  {
    name: "semaphore",
    injected: "2 places of 20 ms inside a Go program, CPU idle",
    core: true,
    suite: { target: go("places", { LIMIT: "2", MS: "20" }), load: { rate: "250/s" } },
    expected: {
      outcome: "saturated",
      named: { rule: rules.programLimit, side: "target", limit: { of: 2 }, remedy: { kind: "program" } },
      never: [rules.targetCpu, rules.acceptQueue],
    },
    controls: { wider: { env: { LIMIT: "64" } } },
  },
  {
    name: "semaphore-503",
    injected: "the same, and who waits longer than 100 ms gets 503",
    core: true,
    suite: { target: go("places", { LIMIT: "2", MS: "20", GIVE_UP: "100" }), load: { rate: "250/s" } },
    expected: {
      outcome: "broke",
      named: { rule: rules.programLimit, side: "target" },
      never: [rules.targetCpu, rules.acceptQueue, rules.rateLimit],
    },
    controls: { wider: { env: { LIMIT: "64" } } },
  },
  {
    name: "lock",
    injected: "one lock, held 15 ms a request, in a threaded Python program",
    core: true,
    suite: { target: python("threaded.py", { LOCK_MS: "15" }), load: { rate: "150/s" } },
    expected: {
      outcome: "saturated",
      named: { rule: rules.programLimit, side: "target", limit: { of: 1 } },
      never: [rules.targetCpu, rules.acceptQueue],
    },
    controls: { unlocked: { env: { LOCK_MS: "0" } } },
  },
  {
    name: "pauses",
    injected: "the whole program stands still 900 of every 1,000 ms",
    suite: { target: go("pauses", { MS: "900" }), load: { rate: "300/s" } },
    expected: { outcome: "saturated", named: { side: "target" }, never: [rules.targetCpu, rules.acceptQueue] },
    controls: { short: { env: { MS: "1" } } },
  },
  {
    name: "sleep",
    injected: "each request waits 300 to 600 ms, however many there are",
    suite: { target: go("sleep", { MS: "300" }), load: { rate: "300/s" } },
    expected: { outcome: "saturated", named: { side: "target" }, never: [rules.targetCpu, rules.acceptQueue] },
    controls: { quick: { env: { MS: "5" } } },
  },
  {
    name: "hang",
    injected: "nobody is answered from request 150 on",
    core: true,
    suite: {
      target: python("asynchronous.py", { HANG_AFTER: "150" }),
      load: { rate: "150/s" },
      stop: { after: "6s" },
    },
    expected: { outcome: "broke", named: { rule: rules.hung, side: "target" }, never: [rules.acceptQueue] },
    controls: { answering: { env: { HANG_AFTER: "0" } } },
  },
  {
    name: "hang-in-part",
    injected: "of all connections only the first 6 are ever answered",
    core: true,
    suite: { target: python("asynchronous.py", { SERVED: "6" }), load: { rate: "150/s" } },
    expected: { outcome: "saturated", named: { rule: rules.hung, side: "target" }, never: [rules.acceptQueue] },
    controls: { answering: { env: { SERVED: "0" } } },
  },
  {
    name: "crash",
    injected: "MemoryError: it ends with its last words",
    core: true,
    suite: {
      target: {
        ...python("asynchronous.py", { KEEP_KB: "1024" }),
        command: ["prlimit", "--as=200000000", python3, "asynchronous.py"],
      },
      load: { rate: "100/s" },
    },
    expected: {
      outcome: "broke",
      named: { rule: rules.crashed, side: "target" },
      never: [rules.acceptQueue, rules.hung],
    },
    controls: { frugal: { env: { KEEP_KB: "1" } } },
  },
  {
    name: "memory-of-the-group",
    injected: "a control group of 60 MB: the kernel kills the target",
    needs: ["memory-group"],
    beside: { group: "memory", limit: 60_000_000 },
    suite: {
      target: {
        ...python("asynchronous.py", { KEEP_KB: "512" }),
        command: ["sh", "in-group.sh", python3, "asynchronous.py"],
        privileged: true,
      },
      load: { rate: "100/s" },
    },
    expected: { outcome: "broke", named: { rule: rules.outOfMemory, side: "target" }, never: [rules.acceptQueue] },
    controls: { frugal: { env: { KEEP_KB: "1" } } },
  },
];
