import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CapabilityError, InputError } from "../../harness/core/errors.ts";
import { loadSuite } from "../../harness/suite/load-suite.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { netnsCapabilities } from "../../harness/testbeds/netns/capabilities.ts";
import { preflight as preflightOf } from "../../harness/testbeds/netns/preflight.ts";
import { temporaryFolder, treeFile } from "../helpers/cli.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, profileOf, suiteOf, testbedHere } from "../helpers/suites.ts";

testNeeding(["namespaces"], "a suite that can run passes preflight", async (t) => {
  const wide = profileOf({
    name: "wide",
    sysctls: { "net.ipv4.ip_unprivileged_port_start": "500", "net.ipv4.ip_local_port_range": "501 65000" },
  });
  await t.notThrowsAsync(preflight(suiteOf({ ipVersion: 6, target: echoPart({ cpus: "0" }) }), [profileOf(), wide]));
});

testNeeding(["namespaces"], "what runs in clusters only is told before anything else is looked at", async (t) => {
  const suite = await loadSuite(treeFile("test/fixtures/kubernetes/manifest"));
  const error = await t.throwsAsync(preflight(suite, [profileOf({ image: "shop:1" })]), { instanceOf: InputError });
  t.is(
    error?.message,
    [
      "the suite can't run here:",
      "  target: only its kubernetes form says what runs; here it needs a command",
      "  profile baseline: image is about pods; here it would change nothing",
    ].join("\n"),
  );
  t.is(error?.hint, "run it in a cluster: --cluster NAME");
});

testNeeding(["namespaces"], "all settings that can't be used are named at once, each with its reason", async (t) => {
  const profiles = [
    profileOf({ name: "typo", sysctls: { "net.ipv4.tcp_tw_reus": "1" } }),
    profileOf({ name: "node", sysctls: { "net.core.netdev_max_backlog": "5000" } }),
    profileOf({ name: "low", sysctls: { "net.ipv4.ip_local_port_range": "80 65535" } }),
    profileOf({ name: "turned", generatorSysctls: { "net.ipv4.ip_local_port_range": "60000 2000" } }),
    profileOf({ name: "shown", sysctls: { "net.core.rmem_max": "1000000" } }),
    profileOf({ name: "panic", sysctls: { "kernel.panic": "17" } }),
    profileOf({ name: "pair", sysctls: { "net.ipv4.ip_local_reserved_ports": "8080,8081" } }),
    profileOf({ name: "word", sysctls: { "net.ipv4.tcp_fin_timeout": "soon" } }),
    profileOf({ name: "switch", sysctls: { "net.netfilter.nf_hooks_lwtunnel": "0" } }),
    profileOf({ name: "module", sysctls: { "net.ipv4.tcp_congestion_control": "no-such-module" } }),
  ];
  const error = await t.throwsAsync(preflight(suiteOf(), profiles), { instanceOf: InputError });
  const lines = error?.message.split("\n") ?? [];
  const line = (start: string) => lines.find((text) => text.trim().startsWith(start)) ?? "";
  t.is(lines.length, 11, error?.message);
  t.regex(line("net.ipv4.tcp_tw_reus "), /does not exist on this kernel; did you mean "net.ipv4.tcp_tw_reuse"\?/);
  t.regex(line("net.core.netdev_max_backlog"), /node level: .*each CPU.*profile node/);
  t.regex(
    line('net.ipv4.ip_local_port_range = "80'),
    /Invalid argument.*below net.ipv4.ip_unprivileged_port_start \(1024\)/,
  );
  t.regex(line('net.ipv4.ip_local_port_range = "60000'), /low bound is above.*generator, profile turned/);
  t.regex(line("net.core.rmem_max"), /read-only in a namespace|node level/);
  t.regex(line("kernel.panic"), /never written.*the machine's own setting/);
  t.not(readFileSync("/proc/sys/kernel/panic", "utf8").trim(), "17");
  t.regex(line("net.ipv4.ip_local_reserved_ports"), /is taken by the kernel as "8080-8081": ask for that/);
  t.regex(line("net.netfilter.nf_hooks_lwtunnel"), /never written.*one switch of the whole machine/);
  t.regex(line("net.ipv4.tcp_congestion_control"), /not loaded on this machine: one of .*reno/);
  t.regex(line("net.ipv4.tcp_fin_timeout"), /refused by the kernel \(Invalid argument\)/);
});

testNeeding(["namespaces"], "more copies and upstreams than there are addresses for are refused", async (t) => {
  const upstreams = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`u${index}`, echoPart()]));
  const many = suiteOf({ target: echoPart({ replicas: 16 }), upstreams });
  const error = await t.throwsAsync(preflight(many, [profileOf()]), { instanceOf: InputError });
  t.regex(error?.message ?? "", /16 copies of the target make 656 links to its peers; 512 are possible with IPv4/);
});

testNeeding(
  ["namespaces", "root"],
  "what a part's user can't reach is told with the folder that refuses",
  async (t) => {
    const folder = await temporaryFolder(t);
    const bin = join(folder, "closed", "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "python3"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(join(folder, "served"), "#!/usr/bin/env python3\n", { mode: 0o755 });
    chmodSync(join(folder, "closed"), 0o700);
    chmodSync(folder, 0o700);
    const refusals = async (changes: Partial<Suite>) =>
      (await t.throwsAsync(preflight(suiteOf(changes)), { instanceOf: CapabilityError }))?.message.split("\n").slice(1);
    t.deepEqual(await refusals({ folder }), [`  target: its folder ${folder} refuses`]);
    chmodSync(folder, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    t.teardown(() => {
      process.env.PATH = before;
    });
    const refused = [`  target: ${bin}/python3: ${folder}/closed refuses`];
    for (const command of [["python3"], ["timeout", "9", "python3", "app.py"], [join(folder, "served")]]) {
      t.deepEqual(await refusals({ target: echoPart({ command }) }), refused, command.join(" "));
    }
    await t.notThrowsAsync(preflight(suiteOf({ target: echoPart({ command: ["python3"], privileged: true }) })));
  },
);

testNeeding(
  ["namespaces"],
  "a folder can't be made writable that is not there, or hides what parts need",
  async (t) => {
    const writable = ["/no/such", dirname(suiteOf().folder)];
    const error = await t.throwsAsync(preflight(suiteOf({ target: echoPart({ writable }) })), {
      instanceOf: InputError,
    });
    t.regex(error?.message ?? "", /there is no folder \/no\/such\n.*fixtures would hide .*netns, which parts need/);
  },
);

testNeeding(["namespaces"], "programs and CPUs that are not there are named at once", async (t) => {
  const upstreams = { db: echoPart({ command: ["no-such-database"], cpus: "0,4095" }) };
  const target = echoPart({ command: ["./missing"], rps: "8000,00000000,00000000" });
  const error = await t.throwsAsync(preflight(suiteOf({ target, upstreams }), [profileOf()]), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? "", /target: no program \.\/missing/);
  t.regex(error?.message ?? "", /db: no program no-such-database/);
  t.regex(error?.message ?? "", /db: cpus: "0,4095" names CPU 4095/);
  t.regex(error?.message ?? "", /target: rps: .* names CPU 79/);
});

testNeeding(["namespaces", "root"], "steering can be had by root, and preflight tries it", async (t) => {
  await t.notThrowsAsync(preflight(suiteOf(), [profileOf({ rps: "1" })]));
});

testNeeding(["namespaces"], "doctor's list is well here, and says how namespaces are made", async (t) => {
  const capabilities = await netnsCapabilities();
  t.deepEqual(
    capabilities.filter(({ ok, required }) => required && !ok),
    [],
  );
  const asRoot = process.geteuid?.() === 0;
  t.like(
    capabilities.find(({ name }) => name === "namespaces"),
    {
      ok: true,
      detail: asRoot ? "as root" : "without root, in a user namespace",
    },
  );
});

async function preflight(suite: Suite, profiles = suite.profiles): Promise<void> {
  const { rootless } = (await testbedHere()).describe();
  await preflightOf({ suite, profiles, rootless, nodePath: process.execPath });
}
