/** A target's upstream that dials another one while it starts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, reference, suiteOf, withTrialBed } from "../helpers/suites.ts";

/** Ends where the next one does not answer at once. */
const hop = `
const { createServer, get } = require("node:http");
const serve = () => createServer((_, answer) => answer.end("ok")).listen(Number(process.env.PORT));
const { NEXT } = process.env;
if (NEXT === undefined) setTimeout(serve, 300);
else get(NEXT, serve).on("error", (error) => { console.error(error.message); process.exit(1); });
`;

for (const ipVersion of [4, 6] as const) {
  testNeeding(["namespaces"], `it is started once that one is ready, and reaches it: IPv${ipVersion}`, async (t) => {
    const folder = await temporaryFolder(t);
    writeFileSync(join(folder, "hop.cjs"), hop);
    const part = (port: number, env = {}) => echoPart({ command: ["node", "hop.cjs"], port, env });
    const upstreams = {
      api: part(7070, { NEXT: `http://${reference("upstreams.db.address")}/` }),
      db: part(3306),
    };
    await withTrialBed({ suite: suiteOf({ folder, upstreams, ipVersion }) }, async (bed) => {
      const parts = await Promise.all([bed.start("api"), bed.start("db")]);
      t.true(parts.every((each) => each.running()));
    });
  });
}
