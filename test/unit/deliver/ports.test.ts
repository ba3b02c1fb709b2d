/** A widened port range must not take listeners' ports. */
import test from "ava";
import fc from "fast-check";
import { checkedSetting } from "../../../harness/deliver/checked-setting.ts";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { platformNames } from "../../../harness/deliver/platform-names.ts";
import { platforms } from "../../../harness/deliver/platforms.ts";
import { unionOfPorts, withReservedPorts } from "../../../harness/deliver/reserved-ports.ts";
import { rollout } from "../../helpers/deliveries.ts";

const range = checkedSetting("net.ipv4.ip_local_port_range", ["1024 65535"], 34, null);

test("listeners within a delivered range are reserved, others are not", (t) => {
  const keys = (listeners: number[], settings = [range]) =>
    withReservedPorts(settings, listeners, 34).map(({ key, value }) => `${key}=${value}`);
  t.deepEqual(keys([80, 8080, 9090]), [
    "net.ipv4.ip_local_port_range=1024 65535",
    "net.ipv4.ip_local_reserved_ports=8080,9090",
  ]);
  t.deepEqual(keys([80]), ["net.ipv4.ip_local_port_range=1024 65535"]);
  t.deepEqual(keys([8080], []), []);
  const own = checkedSetting("net.ipv4.ip_local_reserved_ports", ["8000-8999"], 34, null);
  t.deepEqual(keys([8080, 9090], [range, own]).at(-1), "net.ipv4.ip_local_reserved_ports=8000-8999,9090");
});

test("a union of ports holds what both hold, and neither twice", (t) => {
  const port = fc.integer({ min: 1, max: 40 });
  const entry = fc
    .tuple(port, port, fc.boolean())
    .map(([a, b, one]) => (one ? `${a}` : `${Math.min(a, b)}-${Math.max(a, b)}`));
  const list = fc.array(entry, { maxLength: 4 }).map((entries) => entries.join(","));
  const held = (text: string) => {
    const ports = text.split(",").flatMap((one) => {
      const [low = 0, high = low] = one.split("-").map(Number);
      return one === "" ? [] : Array.from({ length: high - low + 1 }, (_, index) => low + index);
    });
    return [...new Set(ports)].sort((a, b) => a - b);
  };
  t.is(unionOfPorts("37,37-37", "37-37"), "37");
  fc.assert(
    fc.property(list, list, (one, other) => {
      const union = unionOfPorts(one, other);
      t.deepEqual(held(union), held(`${one},${other}`.replace(/^,|,$/g, "")));
      t.is(new Set(union.split(",")).size, union.split(",").length);
    }),
  );
});

for (const platform of platformNames) {
  test(`${platform}: the plan names who else listens, how both ends are checked, with which one to begin and what to watch`, (t) => {
    const { plan } = deliver(platform, rollout(), null);
    // A container that no cluster started has neither beside it.
    if (platforms[platform].reaches === "container") t.notRegex(plan, /NodePort|Istio/);
    else
      t.regex(
        plan,
        /## Ports\n[^#]*NodePorts \(30000 to 32767\)[^#]*Istio's sidecar listens on ports of 15000 to 15090/,
      );
    t.regex(plan, /## Begin with one\n\n[^#]*(one|trial)[^#]*Watch, before it goes on to the others:\n\n- /);
    t.regex(plan, /`net\.ipv4\.tcp_timestamps` is `1` at both ends/);
    t.notRegex(plan, /undefined|\[object/);
  });
}

test("linux: the old values are kept and put back, a later file wins, and what listens is looked up", (t) => {
  const { plan } = deliver("linux", rollout(), null);
  const [kept, applied, restored] = [
    /sysctl net\.ipv4\.tcp_tw_reuse .* \| tee ~\/tunebench\.before\.conf/,
    /install --mode=644 90-tunebench\.conf/,
    /## Undo\n\n.*\n```sh\nrm \/etc\/sysctl\.d\/90-tunebench\.conf\nsysctl --load=\$HOME\/tunebench\.before\.conf/,
  ];
  t.true(plan.search(kept) < plan.search(applied));
  t.regex(plan, restored);
  t.regex(plan, /sorts after 90-tunebench\.conf .* wins/);
  t.regex(plan, /ss --listening --tcp --udp/);
});
