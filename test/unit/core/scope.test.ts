import test from "ava";
import fc from "fast-check";
import { inScope, type OwnScope, openScope, type Scope } from "../../../harness/core/scope.ts";

test("steps are undone in reverse, each whatever became of the others, and once", async (t) => {
  const done: string[] = [];
  const scope = openScope();
  scope.defer("first", () => void done.push("first"));
  scope.defer("second", () => {
    throw new Error("busy");
  });
  scope.defer("third", async () => void done.push("third"));
  t.deepEqual(await scope.close(), ["second: busy"]);
  t.deepEqual(done, ["third", "first"]);
  t.deepEqual(await scope.close(), []);
  t.deepEqual(done, ["third", "first"]);
});

test("a step that is registered while others are undone is undone too; afterwards none can be", async (t) => {
  const done: string[] = [];
  const scope = openScope();
  scope.defer("outer", () => scope.defer("inner", () => void done.push("inner")));
  await scope.close();
  t.deepEqual(done, ["inner"]);
  t.throws(() => scope.defer("late", () => {}), { message: /late: all was taken away already/ });
  t.throws(() => scope.child(), { message: /all was taken away already/ });
});

test("a step that takes too long is told, and the others are undone meanwhile", async (t) => {
  const done: string[] = [];
  const scope = openScope();
  scope.defer("quick", () => void done.push("quick"));
  scope.defer("stuck", () => new Promise(() => {}), 20);
  t.deepEqual(await scope.close(), ["stuck: not done within 0.02 s"]);
  t.deepEqual(done, ["quick"]);
});

test("what is being made when the scope is closed is waited for, undone, and given to nobody", async (t) => {
  const done: string[] = [];
  const scope = openScope();
  scope.defer("before", () => void done.push("before undone"));
  const made = Promise.withResolvers<string>();
  const acquired = scope.acquire(
    "pod",
    () => made.promise,
    (pod) => void done.push(`${pod} undone`),
  );
  const closed = scope.close();
  t.true(scope.signal.aborted);
  t.deepEqual(done, []);
  made.resolve("pod");
  await t.throwsAsync(acquired, { is: scope.signal.reason });
  t.deepEqual(await closed, []);
  t.deepEqual(done, ["pod undone", "before undone"]);
});

test("what is made only after its step's time is told, and undone at once when it comes", async (t) => {
  const scope = openScope();
  const made = Promise.withResolvers<string>();
  const undone = Promise.withResolvers<string | null>();
  const acquired = scope.acquire("pod", () => made.promise, undone.resolve, 20);
  t.deepEqual(await scope.close(), ["pod: not done within 0.02 s"]);
  made.resolve("pod");
  await t.throwsAsync(acquired);
  t.is(await undone.promise, "pod");
});

test("what could not be made is undone as far as it came; nothing is begun in a scope that is over", async (t) => {
  const outer = new AbortController();
  const scope = openScope(outer.signal);
  const undone: unknown[] = [];
  const undo = (made: unknown) => void undone.push(made);
  await t.throwsAsync(
    scope.acquire("half", () => Promise.reject(new Error("no room")), undo),
    { message: "no room" },
  );
  outer.abort(new Error("Ctrl-C"));
  await t.throwsAsync(
    scope.acquire("never", async () => t.fail(), undo),
    { message: "Ctrl-C" },
  );
  t.deepEqual(await scope.close(), []);
  t.deepEqual(undone, [null]);
});

test("a child that was closed leaves nothing in its parent; one that was not is closed with it, and its failures are told once", async (t) => {
  const done: string[] = [];
  const parent = openScope();
  parent.defer("run", () => void done.push("run"));
  const [first, second] = [parent.child(), parent.child()];
  first.defer("first trial", () => void done.push("first trial"));
  second.defer("second trial", () => Promise.reject(new Error("stays")));
  t.deepEqual(await first.close(), []);
  t.false(parent.signal.aborted);
  t.deepEqual(await Promise.all([parent.close(), second.close()]), [["second trial: stays"], []]);
  t.true(second.signal.aborted);
  t.deepEqual(done, ["first trial", "run"]);
});

test("work whose scope is aborted is left to itself, and all of it is undone before that is told", async (t) => {
  const interrupt = new AbortController();
  const told: string[] = [];
  const work = inScope(
    openScope().child(interrupt.signal),
    async (scope) => {
      scope.defer("namespaces", () => Promise.reject(new Error("still there")));
      scope.defer("pods", () => void told.push("undone"));
      interrupt.abort(new Error("Ctrl-C"));
      return await new Promise(() => {});
    },
    (left) => told.push(left),
  );
  await t.throwsAsync(work, { message: "Ctrl-C" });
  t.deepEqual(told, ["undone", "namespaces: still there"]);
});

/** One thing of a story: it is made after some ticks or fails then, and is undone after some. */
interface Thing {
  makeTicks: number;
  fails: boolean;
  undoTicks: number;
  inChild: boolean;
  /** What is begun only once this is there. */
  further: Thing[];
}

const { thing } = fc.letrec<{ thing: Thing }>((tie) => ({
  thing: fc.record({
    makeTicks: fc.nat({ max: 4 }),
    fails: fc.boolean(),
    undoTicks: fc.nat({ max: 3 }),
    inChild: fc.boolean(),
    further: fc.oneof({ maxDepth: 3 }, fc.constant<Thing[]>([]), fc.array(tie("thing"), { maxLength: 3 })),
  }),
}));

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await new Promise(setImmediate);
}

interface Seen {
  made: number[];
  undone: number[];
  begunAfter: boolean;
}

async function tell(
  scope: Scope,
  story: Thing[],
  seen: Seen,
  children: OwnScope[],
  over: () => boolean,
): Promise<void> {
  await Promise.allSettled(
    story.map(async (thing) => {
      const owner = thing.inChild ? scope.child() : scope;
      if (owner !== scope) children.push(owner as OwnScope);
      const number = await owner.acquire(
        "thing",
        async () => {
          seen.begunAfter ||= over();
          await ticks(thing.makeTicks);
          if (thing.fails) throw new Error("no");
          seen.made.push(seen.made.length);
          return seen.made.length - 1;
        },
        async (made) => {
          await ticks(thing.undoTicks);
          if (made !== null) seen.undone.push(made);
        },
      );
      await tell(owner, thing.further, seen, children, over);
      return number;
    }),
  );
}

test("whenever a scope is closed: all that was made is undone once, and nothing is begun afterwards", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(thing, { maxLength: 4 }),
      fc.nat({ max: 8 }),
      fc.boolean(),
      async (story, afterTicks, byAbort) => {
        const outer = new AbortController();
        const scope = openScope(outer.signal);
        const seen: Seen = { made: [], undone: [], begunAfter: false };
        const children: OwnScope[] = [];
        const told = tell(scope, story, seen, children, () => scope.signal.aborted);
        await ticks(afterTicks);
        if (byAbort) outer.abort();
        t.deepEqual(await scope.close(), []);
        const made = [...seen.made];
        await told;
        await ticks(10);
        t.deepEqual(seen.made, made, "nothing came to be after the close");
        t.deepEqual(
          seen.undone.toSorted((a, b) => a - b),
          made,
        );
        t.false(seen.begunAfter);
        t.true(children.every(({ signal }) => signal.aborted));
      },
    ),
    { numRuns: 300 },
  );
});

test("what was acquired one after the other is undone in reverse", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 2 }), fc.boolean()), { maxLength: 8 }), async (things) => {
      const scope = openScope();
      const undone: number[] = [];
      let at: Scope = scope;
      for (const [index, [undoTicks, inChild]] of things.entries()) {
        if (inChild) at = at.child();
        await at.acquire(
          "thing",
          async () => index,
          async (made) => {
            await ticks(undoTicks);
            if (made !== null) undone.push(made);
          },
        );
      }
      await scope.close();
      t.deepEqual(undone, things.map((_, index) => index).toReversed());
    }),
    { numRuns: 100 },
  );
});
