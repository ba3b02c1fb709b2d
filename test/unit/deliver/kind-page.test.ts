import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { selectForSuite } from "../../../harness/deliver/select-from-suite.ts";

test("the cluster that docs/kubernetes.md begins with is the one that deliver writes", (t) => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/kubernetes.md"), "utf8");
  const shown = /^ {3}```yaml\n((?: {3}.*\n)+?) {3}```$/m.exec(page)?.[1]?.replaceAll(/^ {3}/gm, "");
  const keys = [{ "net.core.somaxconn": "65535", "net.ipv4.tcp_tw_reuse": "1" }];
  const { files } = deliver("kind", selectForSuite("port-exhaustion", keys, 34), null);
  t.is(shown, files.find(({ name }) => name === "1-kind.yaml")?.text);
});
