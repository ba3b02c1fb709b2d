import test from "ava";
import { originOf } from "../../../harness/observe/setting-origin.ts";

const key = "net.core.somaxconn";
const pod = { kernel: "6.18.44", spec: { of: "pod", sysctls: { [key]: "1024" } }, files: null } as const;

test("where a value is from, by elimination", (t) => {
  t.deepEqual(originOf(key, "1024", pod), { kind: "spec", of: "pod" });
  t.deepEqual(originOf(key, "4096", pod), { kind: "kernel-default" });
  t.deepEqual(originOf(key, "512", pod), { kind: "changed", by: "runtime", kernelDefault: "4096" });
});

test("what runtimes give each container is theirs, and on the machine it is a change", (t) => {
  const ports = "net.ipv4.ip_unprivileged_port_start";
  t.deepEqual(originOf(ports, "0", pod), { kind: "runtime" });
  t.deepEqual(originOf(ports, "80", pod), { kind: "changed", by: "runtime", kernelDefault: "1024" });
  t.like(originOf(ports, "0", { ...pod, spec: null, files: [] }), { kind: "changed", by: "machine" });
});

test("the machine's own files are named, and what differs without one was changed by hand", (t) => {
  const files = [{ path: "/etc/sysctl.d/90-web.conf", sysctls: { [key]: "8192" } }];
  const machine = { kernel: "6.18.44", spec: null, files };
  t.deepEqual(originOf(key, "8192", machine), { kind: "file", path: "/etc/sysctl.d/90-web.conf" });
  t.deepEqual(originOf(key, "512", machine), { kind: "changed", by: "machine", kernelDefault: "4096" });
});

test("a default is that of the kernel at hand", (t) => {
  const old = { kernel: "4.15.0-213-generic", spec: null, files: null };
  t.deepEqual(originOf(key, "128", old), { kind: "kernel-default" });
  t.deepEqual(originOf("net.ipv4.tcp_tw_reuse", "0", old), { kind: "kernel-default" });
});

test("a default that goes by the machine's memory is not known", (t) => {
  t.deepEqual(originOf("net.ipv4.tcp_max_tw_buckets", "16384", { ...pod, spec: null }), { kind: "unknown" });
});
