import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suiteText } from "../../../harness/commands/init/found-service.ts";
import { foundService, type Looked } from "../../../harness/commands/init/from-command.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { temporaryFolder } from "../../helpers/cli.ts";
import { testNeeding } from "../../helpers/parts.ts";
import { reference } from "../../helpers/suites.ts";

const looked: Looked = {
  port: { value: 8080, note: "found: it listens where PORT says" },
  httpPath: { value: "/healthz", note: "found: it answered 200" },
  dialled: [
    { host: "127.0.0.1", port: 3306, command: ["mariadbd", "--user=mysql"] },
    { host: "10.0.0.7", port: 7070, command: null },
  ],
};

testNeeding(
  ["mariadb"],
  "init --command: a database that was dialled is an upstream, another service a comment",
  async (t) => {
    const folder = await temporaryFolder(t);
    const service = foundService("shop", ["node", "server.js"], looked);
    const text = suiteText(service);
    t.regex(text, /^# {3}upstream-7070: \{ port: 7070, command: \[PROGRAM\] \} # it dialled 10\.0\.0\.7:7070$/m);
    t.deepEqual(Object.keys(service.files), ["db.sh", "schema.sql"]);
    const files = { "suite.yaml": text, "load.ts": "export default () => {};\n", "server.js": "", ...service.files };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const { target, upstreams } = await loadSuite(folder);
    t.deepEqual(target.env, { DB_HOST: reference("upstreams.db.host"), DB_PORT: reference("upstreams.db.port") });
    t.like(upstreams.db, { command: ["sh", "db.sh", reference("data")], port: 3306 });
  },
);
