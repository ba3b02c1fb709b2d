import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { execa } from "execa";
import type { Capability } from "../../harness/core/capability.ts";
import type { SettingReading } from "../../harness/testbeds/testbed.ts";
import { testNeeding } from "../helpers/parts.ts";

const script = fileURLToPath(new URL("../fixtures/netns/rootless.ts", import.meta.url));
const nobody = 65534;

interface Told {
  rootless: boolean;
  steering: string;
  capabilities: Capability[];
  settings: SettingReading[];
  database: { uid: number; env: { PORT: string } };
  limit: number;
  targetAlive: boolean;
}

const refused = fileURLToPath(new URL("../fixtures/netns/refused.ts", import.meta.url));
const asNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];

testNeeding(["namespaces", "root"], "an ordinary user opens, applies, proves and starts parts", (t) =>
  proveRootless(t, asNobody),
);

testNeeding(["namespaces", "root"], "root without CAP_SYS_ADMIN, as in a container, takes the rootless way", (t) =>
  proveRootless(t, ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]),
);

testNeeding(
  ["namespaces", "root"],
  "where namespaces are switched off the reason and the remedy are said",
  async (t) => {
    const program = ["unshare", "--user", "--map-root-user", process.execPath, refused];
    const result = await execa("setpriv", [...asNobody, ...program], { cwd: "/", reject: false });
    t.is(result.exitCode, 0, result.stderr);
    const told = JSON.parse(result.stdout);
    t.like(told, {
      name: "CapabilityError",
      hint: "sudo sysctl -w user.max_user_namespaces=15000, or run tunebench as root",
    });
    t.regex(told.message, /user namespaces are switched off/);
    const namespaces = told.capabilities.find(({ name }: Capability) => name === "namespaces");
    t.like(namespaces, { ok: false, remedy: told.hint });
  },
);

async function proveRootless(t: ExecutionContext, identity: string[]): Promise<void> {
  const result = await execa("setpriv", [...identity, process.execPath, script], { cwd: "/", reject: false });
  t.is(result.exitCode, 0, result.stderr);
  const told: Told = JSON.parse(result.stdout);
  t.true(told.rootless);
  t.is(told.steering, "CapabilityError");
  const somaxconn = told.settings.find(({ role, key }) => role === "target" && key === "net.core.somaxconn");
  t.like(somaxconn, { asked: "777", before: "4096", effective: "777" });
  t.is(told.limit, 511);
  t.is(told.database.env.PORT, "9000");
  t.is(told.database.uid, nobody, "a part must not look like root");
  t.true(told.targetAlive);
  t.deepEqual(
    told.capabilities.filter(({ ok, required }) => required && !ok),
    [],
  );
  t.like(
    told.capabilities.find(({ name }) => name === "rps"),
    { ok: false, remedy: "run tunebench as root" },
  );
}
