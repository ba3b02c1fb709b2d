import { Readable } from "node:stream";
import test from "ava";
import type { ClusterApi } from "../../../../../harness/testbeds/kubernetes/api/cluster-api.ts";
import type { Pod } from "../../../../../harness/testbeds/kubernetes/api/kinds.ts";
import { ApiRefusal } from "../../../../../harness/testbeds/kubernetes/api/refusal.ts";
import { watchPods } from "../../../../../harness/testbeds/kubernetes/api/watch.ts";

/** What the API says, step by step. A watch after the last of them ends the test. */
interface Script {
  lists: { items: Pod[]; resourceVersion: string }[];
  watches: (string[] | ApiRefusal)[];
}

/** A stream that forgets where a watch was (410) needs an etcd that was compacted: here it is written down. */
async function told(script: Script): Promise<{ told: string[]; asked: string[]; error: unknown }> {
  const over = new AbortController();
  const [changes, asked]: [string[], string[]] = [[], []];
  const api = {
    namespace: "perf",
    listAt: () => Promise.resolve(script.lists.shift() ?? { items: [], resourceVersion: "" }),
    open: (_path: string, query: Record<string, string>) => {
      asked.push(query.resourceVersion ?? "");
      const next = script.watches.shift();
      if (next === undefined) over.abort();
      if (next instanceof ApiRefusal) return Promise.reject(next);
      return Promise.resolve(Readable.from((next ?? []).map((line) => Buffer.from(line))));
    },
  } as Partial<ClusterApi> as ClusterApi;
  const onChange = (changed: Pod, gone: boolean) =>
    void changes.push(`${gone ? "-" : ""}${changed.metadata?.name}@${changed.metadata?.resourceVersion}`);
  const error = await watchPods(api, {}, onChange, over.signal).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { told: changes, asked, error };
}

function pod(name: string, resourceVersion: string): Pod {
  return { metadata: { name, uid: `uid-${name}`, resourceVersion } };
}

function event(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

test("a watch that ends is taken up where it was, by the last bookmark or change", async (t) => {
  const result = await told({
    lists: [{ items: [pod("a", "1")], resourceVersion: "5" }],
    watches: [
      [event("MODIFIED", pod("a", "6")), event("BOOKMARK", pod("", "9"))],
      [event("ADDED", pod("b", "10")), event("DELETED", pod("a", "11"))],
    ],
  });
  t.deepEqual(result.told, ["a@1", "a@6", "b@10", "-a@11"]);
  t.deepEqual(result.asked, ["5", "9", "11"]);
  t.is(result.error, null);
});

test("where the cluster has forgotten the place, all is listed anew: what is missing is gone, what is the same is not told twice", async (t) => {
  const forgotten = event("ERROR", { kind: "Status", code: 410, reason: "Expired" });
  const result = await told({
    lists: [
      { items: [pod("a", "1"), pod("b", "2"), pod("c", "3")], resourceVersion: "5" },
      { items: [pod("b", "2"), pod("c", "8"), pod("d", "9")], resourceVersion: "9" },
    ],
    watches: [[forgotten]],
  });
  t.deepEqual(result.told, ["a@1", "b@2", "c@3", "-a@1", "c@8", "d@9"]);
  t.deepEqual(result.asked, ["5", "9"]);
});

test("410 as the answer itself is the same", async (t) => {
  const gone = new ApiRefusal("x", { code: 410, reason: "Expired", message: "too old" });
  const lists = [
    { items: [pod("a", "1")], resourceVersion: "1" },
    { items: [], resourceVersion: "7" },
  ];
  t.deepEqual((await told({ lists, watches: [gone] })).told, ["a@1", "-a@1"]);
});

test("a line that came only in part is asked for again", async (t) => {
  const whole = event("MODIFIED", pod("a", "6"));
  const result = await told({
    lists: [{ items: [pod("a", "1")], resourceVersion: "5" }],
    watches: [[whole.slice(0, 20)], [whole]],
  });
  t.deepEqual(result.told, ["a@1", "a@6"]);
  t.deepEqual(result.asked, ["5", "5", "6"]);
});

test("what the API refuses ends the watch", async (t) => {
  const forbidden = new ApiRefusal("x", { code: 403, reason: "Forbidden", message: "no" });
  const lists = [{ items: [], resourceVersion: "1" }];
  t.is((await told({ lists, watches: [forbidden] })).error, forbidden);
});
