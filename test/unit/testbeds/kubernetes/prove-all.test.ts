/** Several proofs at once: what is told of them, and what must be alone. */
import { setImmediate as turn } from "node:timers/promises";
import test from "ava";
import { type Proof, proveAll } from "../../../../harness/testbeds/kubernetes/prove-all.ts";

/** Proofs that wait until all of a number are under way, and what they told of themselves. */
function stage() {
  const events: string[] = [];
  let underWay = 0;
  const proof = (name: string, { error }: { error?: Error } = {}): Proof<string> => ({
    changesNode: name.startsWith("node"),
    async prove() {
      underWay += 1;
      await turn();
      events.push(`${name} of ${underWay}`);
      await turn();
      underWay -= 1;
      if (error !== undefined) throw error;
      return name.toUpperCase();
    },
  });
  return { events, proof, underWay: () => underWay };
}

test("all at once, but for what changes a node: that is alone, and last; what they found comes in their order", async (t) => {
  const { events, proof } = stage();
  const proofs = ["a", "node", "b", "c", "node-2"].map((name) => proof(name));
  const found = await proveAll(proofs, new AbortController().signal);
  t.deepEqual(events, ["a of 3", "b of 3", "c of 3", "node of 1", "node-2 of 1"]);
  t.deepEqual(found, ["A", "NODE", "B", "C", "NODE-2"]);
});

test("no more than eight at once", async (t) => {
  const { events, proof } = stage();
  const proofs = Array.from({ length: 10 }, (_, index) => proof(String(index)));
  await proveAll(proofs, new AbortController().signal);
  t.deepEqual(
    events.map((event) => event.replace(/.* of /, "")),
    [...Array(8).fill("8"), "2", "2"],
  );
});

test("the first failure in their order is told, once nothing is under way, and nothing more is begun", async (t) => {
  const { events, proof, underWay } = stage();
  const failing: Proof<string> = { changesNode: false, prove: async () => Promise.reject(new Error("first")) };
  const proofs = [proof("a"), failing, proof("b", { error: new Error("second") }), proof("node")];
  await t.throwsAsync(proveAll(proofs, new AbortController().signal), { message: "first" });
  t.is(underWay(), 0);
  t.deepEqual(events, ["a of 2", "b of 2"]);
});

test("after an abort nothing more is begun", async (t) => {
  const over = new AbortController();
  const { events, proof } = stage();
  const abort: Proof<string> = {
    changesNode: false,
    async prove() {
      over.abort(new Error("Ctrl-C"));
      return "";
    },
  };
  await t.throwsAsync(proveAll([abort, proof("node")], over.signal), { message: "Ctrl-C" });
  t.deepEqual(events, []);
});
