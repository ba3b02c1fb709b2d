import { isKnownPrivate, isOfNamespaces } from "../../harness/knowledge/keys.ts";
import { scopeOf } from "../../harness/knowledge/settings.ts";
import { enterArgv, runInside } from "../../harness/testbeds/netns/enter.ts";
import { spawnHolder } from "../../harness/testbeds/netns/holder.ts";
import { findPrivilege } from "../../harness/testbeds/netns/privilege.ts";
import { testNeeding } from "../helpers/parts.ts";

const folders = ["net", "kernel", "fs/mqueue"].map((folder) => `/proc/sys/${folder}`);

testNeeding(
  ["namespaces"],
  "of what a fresh namespace lets one write, all but a few is known to be private",
  async (t) => {
    const writable = await keysInside("-perm", "-u=w");
    t.true(writable.length > 300, `${writable.length} keys were found`);
    const refused = writable.filter((key) => !isKnownPrivate(key));
    t.log(`${writable.length} keys, refused: ${refused.join(", ")}`);
    t.true(refused.length < writable.length / 10);
  },
);

testNeeding(
  ["namespaces"],
  "what a fresh namespace shows and no one can write there is not taken for private",
  async (t) => {
    const shown = await keysInside("!", "-perm", "-u=w");
    // Each namespace's own, and read-only: multicast routing of its interfaces, ids that are only for checkpoints.
    const wrong = shown.filter((key) => isKnownPrivate(key) && !/\.mc_forwarding$|_next_id$/.test(key));
    t.deepEqual(wrong, []);
  },
);

testNeeding(
  ["namespaces"],
  "what the machine has and a fresh namespace has not is known to be the machine's",
  async (t) => {
    const inside = new Set(await keysInside());
    for (const key of ["net.core.netdev_max_backlog", "net.ipv4.tcp_mem", "net.ipv4.neigh.default.gc_thresh3"]) {
      t.false(inside.has(key), key);
      t.is(scopeOf(key)?.kind, "machine", key);
    }
  },
);

/** Keys of the families that namespaces keep apart, as a fresh one has them; nothing is written. */
async function keysInside(...which: string[]): Promise<string[]> {
  const privilege = await findPrivilege();
  if (!privilege.possible) throw new Error("namespaces can't be made");
  const holder = spawnHolder("test", { rootless: privilege.rootless, userOf: null });
  try {
    const inside = await holder.ready;
    const found = await runInside(inside, enterArgv(inside), ["find", ...folders, "-type", "f", ...which]);
    const keys = found.stdout.split("\n").map((path) => path.slice("/proc/sys/".length).replaceAll("/", "."));
    return keys.filter(isOfNamespaces);
  } finally {
    await holder.close();
  }
}
