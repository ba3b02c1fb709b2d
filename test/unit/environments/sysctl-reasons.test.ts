import test from "ava";
import {
  explainAbsent,
  explainReadOnly,
  explainRefused,
  isPermission,
} from "../../../harness/environments/netns/sysctl-reasons.ts";

test("an absent key of the machine is node level, known or not", (t) => {
  t.regex(explainAbsent("net.core.netdev_max_backlog", false, null), /node level.*each CPU/);
  t.regex(explainAbsent("net.core.flow_limit_cpu_bitmap", true, null), /node level: the machine has it/);
});

test("a key that exists nowhere comes with the nearest that does", (t) => {
  t.is(explainAbsent("net.a", false, "net.b"), 'does not exist on this kernel; did you mean "net.b"?');
  t.is(explainAbsent("net.a", false, null), "does not exist on this kernel");
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
