import test from "ava";
import { budgetLines, slowestLines } from "../helpers/times.ts";

test("kinds that share a budget are added up beside it; a kind without one stands by itself", (t) => {
  const seconds = new Map([
    ["unit", 54],
    ["cli", 114],
    ["integration", 288],
    ["soak", 900],
  ]);
  t.deepEqual(budgetLines(seconds), [
    "pure: 0.9 minutes of 3 (unit 0.9)",
    "cli and integration: 6.7 minutes of 6 (cli 1.9, integration 4.8)",
    "soak: 15.0 minutes",
  ]);
});

test("the slowest files come first, by the clock", (t) => {
  const file = (name: string, seconds: number, cpuSeconds: number) => ({ file: name, seconds, cpuSeconds });
  t.deepEqual(slowestLines([file("a", 1, 0.9), file("b", 61.24, 0.5), file("c", 2, 1.8)], 2), [
    "   61.2 s,     0.5 s of CPU  b",
    "    2.0 s,     1.8 s of CPU  c",
  ]);
});
