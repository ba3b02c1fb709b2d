import test from "ava";
import fc from "fast-check";
import { comparedArms } from "../../../harness/analysis/compared-arms.ts";
import { checkSetting } from "../../../harness/deliver/checked-setting.ts";
import { code } from "../../../harness/deliver/code-spans.ts";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { objectName } from "../../../harness/deliver/object-name.ts";
import { selectFromRun } from "../../../harness/deliver/select-from-run.ts";
import { selectForSuite } from "../../../harness/deliver/select-from-suite.ts";
import type { SysctlReading } from "../../../harness/results/trial.ts";
import { clusterRun } from "../../helpers/cluster-report.ts";
import { rollout } from "../../helpers/deliveries.ts";
import { playedFind, portsRunOut } from "../../helpers/find-report.ts";
import { acceptQueueRun, keepAliveRun, oneCpuRun, portExhaustionRun, storedRun } from "../../helpers/stories.ts";
import { exhaustedTrial, profileRecord, trialRecord } from "../../helpers/trial-builder.ts";

const keysOf = ({ settings }: { settings: { key: string }[] }) => settings.map(({ key }) => key);

test("a key whose own profile showed no effect is left out, and that is said", (t) => {
  const selection = rollout("all");
  t.deepEqual(keysOf(selection), [
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
  ]);
  t.deepEqual(selection.leftOut, [
    { key: "net.core.somaxconn", value: "65535", values: ["65535"], why: "alone (`backlog`) it showed no effect" },
  ]);
  t.regex(selection.caveats.join(), /What is left after `net\.core\.somaxconn` was not measured/);
});

test("a key that no profile has alone stays, with those words", (t) => {
  const { run, trials } = portExhaustionRun(10);
  const without = { ...run, profiles: run.profiles.filter(({ name }) => name !== "backlog") };
  const selection = selectFromRun(
    without,
    trials.filter(({ profile }) => profile !== "backlog"),
    "all",
    34,
  );
  t.true(keysOf(selection).includes("net.core.somaxconn"));
  t.regex(
    deliver("linux", selection, null).plan,
    /`net\.core\.somaxconn` \| `65535` \| the machine \| \*\*not measured alone\*\*/,
  );
});

test("a key that does nothing alone stays where none does alone and together they help", (t) => {
  const { run, trials } = acceptQueueRun(10);
  const selection = selectFromRun(run, trials, "appBacklog=65535,somaxconn=65535", 34);
  t.deepEqual(keysOf(selection), ["net.core.somaxconn"]);
  t.regex(selection.settings[0]?.evidence ?? "", /alone \(.*\) it showed no effect/);
  t.regex(selection.elsewhere.join(), /environment \(`BACKLOG`\)/);
});

test("an AND stays whole: the plan carries the program's half first, and says that the settings alone do nothing", (t) => {
  const { run, trials } = acceptQueueRun(10);
  const selection = selectFromRun(run, trials, "appBacklog=65535,somaxconn=65535", 34);
  t.like(selection.otherHalf, { without: "nothing", changes: [{ kind: "environment", text: "BACKLOG=65535" }] });
  const { plan } = deliver("kubeadm", selection, null);
  t.regex(
    plan,
    /## Apply, in this order\n\n1\. The program's half first\. \*\*The settings alone do nothing\*\*.*\n +- environment: `BACKLOG=65535`/,
  );
  t.regex(plan, /helps only together with `BACKLOG=65535`: neither does by itself/);
});

test("somaxconn alone is half of an AND too, where the program has its backlog from elsewhere: the plan says how it is seen", (t) => {
  const queue = {
    role: "target",
    port: 8080,
    effectiveLimit: 511,
    somaxconn: 65535,
    peakQueued: 1,
    looks: 47,
    leastQueued: 0,
    overflows: 0,
    drops: 0,
  };
  const evidence = { ...trialRecord({}).evidence, acceptQueues: [queue] };
  const { run, trials } = storedRun(1, [
    [profileRecord("baseline"), exhaustedTrial],
    [profileRecord("tuned", { "net.core.somaxconn": "65535" }), (overrides) => trialRecord({ ...overrides, evidence })],
  ]);
  const selection = selectFromRun(run, trials, "tuned", 34);
  t.is(selection.queueLimit, 511);
  for (const platform of ["linux", "kubeadm"] as const) {
    const { plan } = deliver(platform, selection, null);
    t.regex(
      plan,
      /## Verify[^#]*`Send-Q` of the listener\. In the run it was `511`\.[^#]*the setting alone does nothing/,
    );
  }
  t.notRegex(deliver("linux", rollout("reuse"), null).plan, /Send-Q/);
});

test("half of an AND is refused, with the profile that has both", (t) => {
  const { run, trials } = acceptQueueRun(10);
  const half = run.profiles.find(
    ({ sysctls, env }) => sysctls.target?.["net.core.somaxconn"] === "65535" && env.BACKLOG !== "65535",
  );
  t.throws(() => deliver("linux", selectFromRun(run, trials, half?.name ?? "", 34), null), {
    name: "InputError",
    message: /Together with other changes it helped: `appBacklog=65535,somaxconn=65535`/,
  });
});

test("of a profile that the run does not show to help nothing is left", (t) => {
  const { run, trials } = keepAliveRun(10);
  const selection = selectFromRun(run, trials, "reuse", 34);
  t.deepEqual(selection.settings, []);
  t.regex(selection.evidence[0] ?? "", /^\*\*The run does not show that this profile helps\.\*\*/);
  t.throws(() => deliver("kubeadm", selection, null), {
    name: "InputError",
    message: /^nothing is left to deliver of profile `reuse` of run .*\n- \*\*The run does not show/,
  });
});

test("beside an unsafe profile stands the best one of safe keys; beside a safe one nothing", (t) => {
  t.regex(rollout("reuse").beside ?? "", /best profile made of safe keys only is `range`/);
  t.is(rollout("range").beside, null);
  const { run, trials } = keepAliveRun(10);
  t.regex(selectFromRun(run, trials, "reuse", 34).beside ?? "", /No profile made of safe keys only was in the run/);
});

test("the baseline is no rollout; an interface's key comes with a caveat", (t) => {
  const { run, trials } = portExhaustionRun(10);
  t.regex(selectFromRun(run, trials, "baseline", 34).evidence.join(), /is what the run compares with/);
  const { plan } = deliver(
    "gke",
    selectForSuite("s", [{ "net.ipv4.conf.eth0.arp_ignore": "1", "net.ipv4.conf.all.rp_filter": "1" }], 34),
    null,
  );
  t.deepEqual(plan.match(/is for the interface `\w+`/g), ["is for the interface `eth0`"]);
});

test("what is not the target's is not delivered, with words", (t) => {
  const { run, trials } = oneCpuRun(10);
  const spread = selectFromRun(run, trials, "spread", 34);
  t.deepEqual(spread.settings, []);
  t.regex(spread.elsewhere.join(), /Receive packet steering \(mask `3`\)/);
  const mixed = {
    ...profileRecord("mixed"),
    sysctls: { generator: { "net.ipv4.tcp_tw_reuse": "1" }, db: { "net.core.somaxconn": "9" } },
  };
  const story = storedRun(2, [
    [profileRecord("baseline"), trialRecord],
    [mixed, trialRecord],
  ]);
  const words = selectFromRun(story.run, story.trials, "mixed", 34).elsewhere;
  t.regex(words[0] ?? "", /the load generator's; production has none/);
  t.regex(words[1] ?? "", /upstream `db`'s/);
});

/** The suite's own narrow range under every profile, as suites have it so that a wall comes in seconds. */
function withCrutch(blocks: number) {
  const reading = { role: "target", before: "4096", effective: "512", after: "512" };
  const narrow = { ...reading, key: "net.ipv4.ip_local_port_range", asked: "32768 33367", origin: "profile" as const };
  const pinned = { ...reading, key: "net.ipv4.tcp_max_tw_buckets", asked: "512", origin: "pinned" as const };
  const { run, trials } = portExhaustionRun(blocks);
  const own = (profile: string) =>
    Object.entries(run.profiles.find(({ name }) => name === profile)?.sysctls.target ?? {}).map(([key, asked]) => ({
      ...narrow,
      key,
      asked,
    }));
  return { run, trials: trials.map((trial) => ({ ...trial, sysctls: [narrow, pinned, ...own(trial.profile)] })) };
}

test("what the suite sets under every profile is named as the experiment's condition, and not delivered", (t) => {
  const { run, trials } = withCrutch(2);
  const selection = selectFromRun(run, trials, "reuse", 34);
  t.deepEqual(keysOf(selection), ["net.ipv4.tcp_tw_reuse"]);
  t.deepEqual(selection.conditions, [{ key: "net.ipv4.ip_local_port_range", value: "32768 33367" }]);
  const { files, plan, record } = deliver("linux", selection, null);
  t.is(files[0]?.text, "net.ipv4.tcp_tw_reuse = 1\n");
  t.regex(plan, /## The experiment's conditions, not delivered\n\n.*`net\.ipv4\.ip_local_port_range=32768 33367`/);
  t.deepEqual(record.conditions, selection.conditions);
  t.regex(selection.caveats.join(), /`net\.ipv4\.tcp_max_tw_buckets=512` fixed by the harness/);
});

test("with a profile of no effect nothing but the crutch is left: refused, with the reason", (t) => {
  const { run, trials } = withCrutch(10);
  for (const profile of ["backlog", "baseline"]) {
    const error = t.throws(() => deliver("linux", selectFromRun(run, trials, profile, 34), null), {
      name: "InputError",
    });
    t.notRegex(error?.message ?? "", /Together with other changes/, "what helped in `all` helps without it");
    t.regex(error?.message ?? "", /conditions, which are not delivered: `net\.ipv4\.ip_local_port_range=32768 33367`/);
  }
});

test("what the profile has as its baseline has it is a condition too", (t) => {
  const { run, trials } = portExhaustionRun(10);
  const key = "net.ipv4.tcp_keepalive_time";
  const profiles = run.profiles.map((profile) => ({
    ...profile,
    sysctls: { ...profile.sysctls, target: { ...profile.sysctls.target, [key]: "60" } },
  }));
  const reading = {
    role: "target",
    key,
    asked: "60",
    before: "7200",
    effective: "60",
    after: "60",
    origin: "profile" as const,
  };
  const both = trials.map((trial) => ({ ...trial, sysctls: [...trial.sysctls, reading] }));
  const selection = selectFromRun({ ...run, profiles }, both, "reuse", 34);
  t.deepEqual(keysOf(selection), ["net.ipv4.tcp_tw_reuse"]);
  t.true(selection.conditions.some((condition) => condition.key === key));
});

test("a suite's pool: keys of all its parts, the node's own left out", (t) => {
  const parts = [{ "net.core.somaxconn": "1" }, { "net.core.somaxconn": "2", "net.netfilter.nf_conntrack_max": "9" }];
  const { settings, leftOut } = selectForSuite("s", parts, 34);
  t.deepEqual(
    settings.map(({ key, value }) => [key, value]),
    [["net.core.somaxconn", "1 or 2"]],
  );
  t.is(leftOut[0]?.key, "net.netfilter.nf_conntrack_max");
});

test("a machine has one value: a suite with several is refused there, whatever the words of a value are", (t) => {
  const poolOf = (...values: string[]) =>
    selectForSuite(
      "s",
      values.map((value) => ({ "net.netfilter.nf_conntrack_max": value })),
      34,
    );
  t.throws(() => deliver("linux", poolOf("1", "2"), null), {
    name: "InputError",
    message: /nf_conntrack_max has several values in the suite: 1 or 2/,
  });
  t.notThrows(() => deliver("linux", poolOf("1 or 2", "1 or 2"), null));
});

test("hostile keys and values are refused", (t) => {
  const keys = ["net.core.a\nb", "../net", "net.core.x; rm", "net/core/x", "a", "net.x`y`", "$(x).y"];
  for (const key of keys) t.throws(() => checkSetting(key, "1"), { name: "InputError" }, key);
  for (const value of ["", "1\n2", "\u202e1", "1\u0000"])
    t.throws(() => checkSetting("net.core.x", value), { name: "InputError" });
  t.notThrows(() => checkSetting("net.ipv4.conf.eth0-1.rp_filter", "4096 87380 6291456"));
});

test("any names become a label's value and a DNS label, the same for no two services or profiles", (t) => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("a", "-", "B"), maxLength: 40 }),
  );
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      t.regex(objectName(...one), /^tunebench-[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/);
      t.is(objectName(...one) === objectName(...other), JSON.stringify(one) === JSON.stringify(other));
    }),
  );
  t.is(objectName("shop", "reuse"), "tunebench-shop--reuse");
  t.not(objectName("shop", "a-b"), objectName("shop-a", "b"));
  t.not(
    objectName("payments-service", `${"keepalive".repeat(4)}-a`),
    objectName("payments-service", `${"keepalive".repeat(4)}-b`),
  );
});

test("two services' deliveries of what a find found have names of their own, and so have a suite's pools", (t) => {
  const { run, trials } = comparedArms(playedFind(portsRunOut));
  const nameOf = (suite: string) => selectFromRun({ ...run, suite }, trials, "found", 34).name;
  t.deepEqual([nameOf("shop"), nameOf("pay")], ["tunebench-shop--found", "tunebench-pay--found"]);
  const pools = [null, "found"].map((profile) => selectForSuite("shop", [], 34, { profile, listeners: [] }).name);
  t.deepEqual(pools, ["tunebench-shop", "tunebench-shop--test--found"]);
});

test("text of unknown origin stays within its code span", (t) => {
  t.is(code("a`b"), "`` a`b ``");
  t.is(code("a\u001b[31m\nb"), "`a\uFFFD[31m b`");
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "\n", "\u202e") }), (text) => {
      const span = code(text);
      const fence = /^`+/.exec(span)?.[0] ?? "";
      t.false(span.slice(fence.length, -fence.length).split(/[^`]+/).includes(fence), span);
    }),
  );
});

test("a run in a cluster says which Kubernetes it was, and by which routes its settings came", (t) => {
  const { run, trials } = clusterRun();
  const selection = selectFromRun(run, trials, "privileged-init", null);
  t.is(selection.minor, 34);
  t.true(selection.isMeasuredOn);
  const told = selection.evidence.join("\n");
  t.regex(
    told,
    /^In the run its settings reached the pods by `privileged-init`, and were found inside .*\. So did .* by `pod-sysctls`\.$/m,
  );
  t.regex(deliver("kubeadm", selection, null).plan, /Kubernetes 1\.34 is what the run's cluster had;/);
});

test("the version that is asked for goes before the run's; a run on a machine of its own has none", (t) => {
  const { run, trials } = clusterRun();
  run.provenance.environment.kubernetes = { version: "v1.31.2-eks-a1b2", context: "prod", namespace: "load" };
  t.like(selectFromRun(run, trials, "pod-sysctls", null), { minor: 31, isMeasuredOn: true });
  t.like(selectFromRun(run, trials, "pod-sysctls", 34), { minor: 34, isMeasuredOn: false });
  const own = portExhaustionRun(2);
  const selection = selectFromRun(own.run, own.trials, "reuse", null);
  t.like(selection, { minor: 34, isMeasuredOn: false });
  t.notRegex(selection.evidence.join(), /route|reached/);
});

test("what a new network namespace has anyway is not delivered, however much it helped against the suite's own range", (t) => {
  const range = "32768 60999";
  const sysctls = [reading("net.ipv4.ip_local_port_range", range, "32768\t60999")];
  const { run, trials } = storedRun(1, [
    [
      profileRecord("baseline"),
      (overrides) =>
        exhaustedTrial({ ...overrides, sysctls: [reading("net.ipv4.ip_local_port_range", "40000 41999")] }),
    ],
    [
      profileRecord("range", { "net.ipv4.ip_local_port_range": range }),
      (overrides) => trialRecord({ ...overrides, sysctls }),
    ],
  ]);
  const selection = selectFromRun(run, trials, "range", 34);
  t.deepEqual(selection.settings, []);
  t.like(selection.leftOut, [{ key: "net.ipv4.ip_local_port_range", value: range }] as never);
  t.regex(selection.leftOut[0]?.why ?? "", /a new network namespace has anyway/);
  t.throws(() => deliver("linux", selection, null), { name: "InputError", message: /nothing is left to deliver/ });
});

/** A run whose suite gives the target one value of a key under the baseline, and whose profile has another. */
function against(key: string, condition: string, value: string, own: string) {
  const { run, trials } = storedRun(1, [
    [
      profileRecord("baseline"),
      (overrides) => exhaustedTrial({ ...overrides, sysctls: [reading(key, condition, own)] }),
    ],
    [
      profileRecord("tuned", { [key]: value }),
      (overrides) => trialRecord({ ...overrides, sysctls: [reading(key, value, own)] }),
    ],
  ]);
  return selectFromRun(run, trials, "tuned", 34);
}

test("what is short of the kernel's own is not delivered: it could only help against what the suite took away", (t) => {
  const short: [string, string, string, string][] = [
    ["net.ipv4.ip_local_port_range", "32768 33367", "20000 24999", "32768\t60999"],
    ["net.core.somaxconn", "8", "128", "4096"],
    ["net.ipv4.tcp_fin_timeout", "600", "120", "60"],
  ];
  for (const [key, condition, value, own] of short) {
    const selection = against(key, condition, value, own);
    t.deepEqual(selection.settings, [], key);
    t.regex(
      selection.leftOut[0]?.why ?? "",
      /than what a new network namespace has anyway \(`.*`, read before the trial\)/,
    );
  }
});

test("what goes beyond the kernel's own is delivered, with what its gain was measured against", (t) => {
  const beyond: [string, string, string, string][] = [
    ["net.ipv4.ip_local_port_range", "32768 33367", "1024 65535", "32768\t60999"],
    ["net.core.somaxconn", "8", "65535", "4096"],
    ["net.ipv4.tcp_tw_reuse", "0", "1", "2"],
  ];
  for (const [key, condition, value, own] of beyond) {
    const selection = against(key, condition, value, own);
    t.is(selection.settings[0]?.key, key);
    const { plan } = deliver("linux", selection, null);
    t.true(
      plan.includes(
        `**Against the experiment's own condition**: under the baseline the target had \`${key}=${condition}\``,
      ),
      plan,
    );
  }
  const plain = against("net.core.somaxconn", "4096", "65535", "4096");
  t.notRegex(deliver("linux", plain, null).plan, /own condition\*\*/);
});

function reading(key: string, asked: string, before = "32768\t60999"): SysctlReading {
  return { role: "target", key, asked, before, effective: asked, after: asked, origin: "profile" };
}
