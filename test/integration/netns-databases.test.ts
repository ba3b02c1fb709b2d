import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { usualService } from "../../harness/commands/init/usual-services.ts";
import { temporaryFolder } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, suiteOf, withTrialBed } from "../helpers/suites.ts";

const script = fileURLToPath(new URL("../fixtures/netns/rootless-mariadb.ts", import.meta.url));

testNeeding(
  ["namespaces", "root", "mariadb", "redis"],
  "the MariaDB and the Redis that init writes run as an ordinary user, on data of their own",
  async (t) => {
    const [db, cache] = [usualService(3306), usualService(6379)];
    if (db === null || cache === null) throw new Error("both are on this machine");
    const folder = await temporaryFolder(t);
    for (const [name, text] of Object.entries(db.files)) writeFileSync(join(folder, name), text);
    const listening = { check: { kind: "tcp" }, withinMs: 60_000 } as const;
    const upstreams = {
      db: echoPart({ command: db.command, port: 3306, ready: listening }),
      cache: echoPart({ command: cache.command, port: 6379, ready: listening }),
    };
    await withTrialBed({ suite: suiteOf({ folder, upstreams }) }, async (bed) => {
      const started = [await bed.start("db"), await bed.start("cache")];
      for (const { pid } of started) t.notRegex(readFileSync(`/proc/${pid}/status`, "utf8"), /^Uid:\s+0\s/m);
    });
  },
);

testNeeding(
  ["namespaces", "root", "mariadb"],
  "without root a real database runs as an ordinary user too",
  async (t) => {
    const identity = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const result = await execa("setpriv", [...identity, process.execPath, script], { cwd: "/", reject: false });
    t.is(result.stdout, "ready", result.stderr);
  },
);
