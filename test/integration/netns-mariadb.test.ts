import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { findTool } from "../../harness/testbeds/netns/programs.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, suiteOf, withTrialBed } from "../helpers/suites.ts";

const script = fileURLToPath(new URL("../fixtures/netns/rootless-mariadb.ts", import.meta.url));

testNeeding(
  ["namespaces", "root", "mariadb"],
  "as root a real database runs as an ordinary user on its own data",
  async (t) => {
    const install = findTool("mariadb-install-db") ?? "";
    const db = echoPart({
      command: ["node", "mariadb.ts", install, findTool("mariadbd") ?? ""],
      port: 3306,
      ready: { check: { kind: "tcp" }, withinMs: 60_000 },
    });
    await withTrialBed({ suite: suiteOf({ upstreams: { db } }) }, async (bed) => {
      const { pid } = await bed.start("db");
      t.notRegex(readFileSync(`/proc/${pid}/status`, "utf8"), /^Uid:\s+0\s/m);
      const [, home] = /\0HOME=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1")) ?? [];
      t.not(statSync(`${home}/db/ibdata1`).uid, 0);
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
