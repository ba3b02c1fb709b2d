import test from "ava";
import {
  type Absence,
  explainAbsent,
  explainReadOnly,
  explainRefused,
  isPermission,
} from "../../../harness/testbeds/netns/sysctl-reasons.ts";

test("an absent key of the machine is node level, known or not", (t) => {
  t.regex(absent("net.core.netdev_max_backlog", {}).reason, /node level.*each CPU/);
  t.regex(absent("net.core.flow_limit_cpu_bitmap", { onMachine: true }).reason, /node level.*receive loop/);
  t.regex(absent("net.x25.call_request_timeout", { onMachine: true }).reason, /node level: the machine has it/);
});

test("net.core is hidden from an ordinary user before Linux 6.3, and root has it", (t) => {
  const hidden = { onMachine: true, rootless: true, kernel: "6.1.0-30-amd64" };
  t.like(absent("net.core.somaxconn", hidden), { permission: true });
  t.regex(absent("net.core.somaxconn", hidden).reason, /hidden.*before Linux 6.3, and this is 6.1.0-30-amd64/);
  t.like(absent("net.core.somaxconn", { ...hidden, rootless: false }), { permission: false });
  t.like(absent("net.core.somaxconn", { ...hidden, kernel: "6.3.0" }), { permission: false });
  t.like(absent("net.core.netdev_max_backlog", hidden), { permission: false });
});

test("a key that exists nowhere comes with the nearest that does", (t) => {
  const reason = 'does not exist on this kernel; did you mean "net.b"?';
  t.deepEqual(absent("net.a", { suggestion: "net.b" }), { reason, permission: false });
  t.is(absent("net.a", {}).reason, "does not exist on this kernel");
  t.regex(
    absent("net.core.somaxcon", { suggestion: "net.core.somaxconn" }).reason,
    /did you mean "net.core.somaxconn"/,
  );
});

test("a read-only key says whose it is", (t) => {
  t.regex(explainReadOnly("net.core.rmem_max"), /read-only.*limit of the whole machine/);
  t.regex(explainReadOnly("net.ipv4.tcp_available_ulp"), /read-only in a namespace/);
});

test("a refused port range says which bound", (t) => {
  const why = (value: string) =>
    explainRefused("net.ipv4.ip_local_port_range", value, "Invalid argument", { unprivilegedPortStart: 1024 });
  t.regex(why("80 65535"), /low bound 80 is below net.ipv4.ip_unprivileged_port_start \(1024\)/);
  t.regex(why("6000 5000"), /low bound is above/);
  t.regex(why("lots"), /takes a low and a high port/);
});

test("other refusals keep the kernel's words", (t) => {
  const context = { unprivilegedPortStart: null };
  t.is(
    explainRefused("net.ipv4.tcp_fin_timeout", "x", "Invalid argument", context),
    "was refused by the kernel (Invalid argument)",
  );
  t.regex(explainRefused("net.core.somaxconn", "1", "Permission denied", context), /does not own it/);
  t.true(isPermission("Operation not permitted"));
  t.false(isPermission("Invalid argument"));
});

function absent(key: string, found: Partial<Absence>) {
  return explainAbsent(key, { onMachine: false, suggestion: null, rootless: false, kernel: "6.18.0", ...found });
}
