/** The records of knowledge/, and that no other place knows settings by itself. */
import { globSync, readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { families } from "../../../harness/knowledge/families.ts";
import {
  isKnownPrivate,
  isOfNamespaces,
  normalValue,
  sysctlKeyPattern,
  sysctlKeyProblem,
} from "../../../harness/knowledge/keys.ts";
import { reachOf } from "../../../harness/knowledge/kubernetes.ts";
import { areas } from "../../../harness/knowledge/setting.ts";
import {
  familyOf,
  kubeletDemands,
  pinnedSettings,
  recordedKeys,
  scopeOf,
  settingOf,
  settings,
  usualKeys,
} from "../../../harness/knowledge/settings.ts";
import { treeFile } from "../../helpers/cli.ts";

test("each record is of a key of its own, in an area, with a source", (t) => {
  t.is(new Set(settings.map(({ key }) => key)).size, settings.length);
  for (const { key, area, summary, sources } of settings) {
    t.regex(key, sysctlKeyPattern);
    t.true(area in areas, key);
    t.true(sources.length > 0, key);
    t.notRegex(summary, /\.$/, key);
  }
});

test("what a record says of Kubernetes fits whose the key is", (t) => {
  for (const { key, scope, safe } of settings) {
    if (scope.kind === "machine") t.is(safe, null, key);
    else t.true(isOfNamespaces(key), key);
    t.is(reachOf(key, 99).kind, scope.kind === "machine" ? "node" : safe === null ? "unsafe" : "safe", key);
  }
});

test("the counters of a record are those that its sentence has nstat read", (t) => {
  for (const { key, watch } of settings) {
    if (watch === null) continue;
    t.is(watch.netstat.length > 0, watch.text.includes("nstat"), key);
    for (const counter of watch.netstat) t.true(watch.text.includes(counter), `${key}: ${counter}`);
  }
});

test("the lists that others read are made of marks in the records", (t) => {
  t.true(recordedKeys.includes("net.core.somaxconn") && usualKeys.includes("net.core.somaxconn"));
  t.deepEqual(pinnedSettings, { "net.ipv4.tcp_max_tw_buckets": "262144" });
  t.deepEqual(kubeletDemands, {
    "vm.overcommit_memory": "1",
    "vm.panic_on_oom": "0",
    "kernel.panic": "10",
    "kernel.panic_on_oops": "1",
    "kernel.keys.root_maxkeys": "1000000",
    "kernel.keys.root_maxbytes": "25000000",
  });
});

test("all of net.core that is private was hidden from ordinary users before Linux 6.3, and nothing else", (t) => {
  for (const scoped of [...settings.map(({ key, scope }) => ({ key, scope })), ...familyScopes()]) {
    if (scoped.scope.kind !== "private") continue;
    t.is(scoped.scope.rootlessSinceKernel, scoped.key.startsWith("net.core.") ? "6.3" : null, scoped.key);
  }
});

function familyScopes() {
  return families.flatMap(({ patterns, scope }) => patterns.map((key) => ({ key, scope })));
}

test("a key is private by its record or its family, and a key of neither is not known to be", (t) => {
  for (const key of [
    "net.core.somaxconn",
    "net.ipv4.conf.eth0.rp_filter",
    "net.ipv4.neigh.lo.gc_stale_time",
    "net.ipv4.icmp_ratelimit",
    "net.ipv6.route.max_size",
    "net.netfilter.nf_conntrack_udp_timeout",
    "kernel.msgmax",
  ]) {
    t.true(isKnownPrivate(key), key);
    t.true(((settingOf(key) ?? familyOf(key))?.sources ?? []).length > 0, key);
  }
  for (const key of [
    "net.netfilter.nf_hooks_lwtunnel",
    "net.netfilter.nf_conntrack_max",
    "net.nf_conntrack_max",
    "net.core.netdev_max_backlog",
    "net.core.bpf_jit_enable",
    "net.core.tomorrow",
    "net.ipv4.tcp_allowed_congestion_control",
    "net.ipv4.tcp_available_ulp",
    "net.ipv4.tcp_mem",
    "net.ipv4.neigh.default.gc_thresh3",
    "net.ipv4.route.gc_thresh",
    "net.ipv4.vs.drop_entry",
    "net.sctp.rto_min",
    "net.ipv4.conf.all",
    "vm.swappiness",
  ]) {
    t.false(isKnownPrivate(key), key);
  }
  t.is(scopeOf("net.sctp.rto_min"), null);
  t.is(familyOf("net.ipv4.a.b.c"), null);
});

test("a switch of the machine that every namespace shows is never asked for", (t) => {
  t.regex(
    sysctlKeyProblem("net.netfilter.nf_hooks_lwtunnel") ?? "",
    /one switch of the whole machine.*never writes it/,
  );
  t.is(sysctlKeyProblem("net.core.somaxconn"), null);
});

test("a value's white space counts for nothing", (t) => {
  t.is(normalValue(" 32768\t60999\n"), "32768 60999");
  fc.assert(fc.property(fc.string(), (text) => normalValue(normalValue(text)) === normalValue(text)));
});

const files = globSync("harness/**/*.ts", { cwd: treeFile() }).filter((file) => !file.startsWith("harness/knowledge/"));
const whole = /(?<![\w.-])(?:net\.[a-z][a-z0-9]*|vm|kernel|fs\.mqueue)\.[a-z][\w]*(?:\.[A-Za-z0-9_]+)*(?![\w*])/g;

test("each key that the code names has a record, or a family", (t) => {
  const named = files.flatMap((file) =>
    [...readFileSync(treeFile(file), "utf8").matchAll(whole)].map(([key]) => ({ file, key })),
  );
  const inCode = named.filter(
    ({ key }) => /[._][a-z0-9]+$/.test(key) && key.split(".").length > (key.startsWith("net") ? 2 : 1),
  );
  t.true(inCode.length > 30, "the search finds keys");
  t.deepEqual(
    inCode.filter(({ key }) => settingOf(key) === null && familyOf(key) === null),
    [],
  );
});

test("lists and patterns of keys stand in knowledge/ only: elsewhere a key is used by its name", (t) => {
  const keyLine = String.raw`^\s*"(?:net|kernel|vm|fs)\.[a-z0-9_.]+"(?:,|:.*)\n`;
  const list = new RegExp(`(?:${keyLine}){2}`, "m");
  const pattern = /\bnet\\\.|\(net\|/;
  const wrong = files.filter((file) => {
    const text = readFileSync(treeFile(file), "utf8");
    return list.test(text) || pattern.test(text);
  });
  t.deepEqual(wrong, []);
});
