import test from "ava";
import { tuningSysctlsOf } from "../../../harness/commands/tuning-sysctls.ts";

test("settings are split where a key begins, so that a value may hold commas and spaces", (t) => {
  t.deepEqual(tuningSysctlsOf(""), {});
  t.deepEqual(
    tuningSysctlsOf(
      "net.ipv4.ip_local_reserved_ports=8080,9090-9099,net.ipv4.tcp_rmem=4096 8192 16384,net.core.somaxconn=9",
    ),
    {
      "net.ipv4.ip_local_reserved_ports": "8080,9090-9099",
      "net.ipv4.tcp_rmem": "4096 8192 16384",
      "net.core.somaxconn": "9",
    },
  );
  t.deepEqual(tuningSysctlsOf("net.ipv4.conf.IFNAME.accept_redirects=0"), {
    "net.ipv4.conf.IFNAME.accept_redirects": "0",
  });
});

test("what the plugin does not take is refused before anything is done", (t) => {
  const wrong = [
    "net.core.somaxconn",
    "kernel.sem=1",
    "net.core.somaxconn=",
    "net/core/x=1",
    "net..x=1",
    "=1",
    "net.a=1,net.a=2",
  ];
  for (const text of wrong) t.throws(() => tuningSysctlsOf(text), { name: "InputError" }, text);
  t.throws(() => tuningSysctlsOf("net.core.somaxconn=1\n2"), { name: "InputError" });
});
