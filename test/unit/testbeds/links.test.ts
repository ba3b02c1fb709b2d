import { isIP } from "node:net";
import test from "ava";
import fc from "fast-check";
import { addressesOf, interfacesOf, linksOf } from "../../../harness/testbeds/netns/links.ts";
import { echoPart } from "../../helpers/suites.ts";

const upstreams = { db: echoPart(), cache: echoPart() };
const target = { replicas: 1 };

test("IPv4: a subnet for each link, the target reached on the generator's", (t) => {
  const links = linksOf({ target, upstreams, ipVersion: 4 });
  t.deepEqual(addressesOf(links), {
    generator: "198.18.0.1",
    target: "198.18.0.2",
    db: "198.18.1.2",
    cache: "198.18.2.2",
  });
  t.deepEqual(interfacesOf(links, "target"), ["load", "up1", "up2"]);
  t.deepEqual(interfacesOf(links, "db"), ["target"]);
});

test("IPv6 addresses are written as the kernel prints them", (t) => {
  const addresses = addressesOf(linksOf({ target, upstreams, ipVersion: 6 }));
  t.deepEqual(addresses, { generator: "2001:2::1", target: "2001:2::2", db: "2001:2:0:1::2", cache: "2001:2:0:2::2" });
});

test("copies of the target have links of their own to all peers, and an upstream one address for all of them", (t) => {
  const links = linksOf({ target: { replicas: 2 }, upstreams, ipVersion: 4 });
  t.deepEqual(addressesOf(links), {
    generator: "198.18.0.1",
    target: "198.18.0.2",
    "target-2": "198.18.3.2",
    db: "198.18.1.2",
    cache: "198.18.2.2",
  });
  t.deepEqual(interfacesOf(links, "target-2"), ["load", "up1", "up2"]);
  t.deepEqual(interfacesOf(links, "db"), ["target", "target-2"]);
});

test("addresses are valid and all differ, however many upstreams and copies", (t) => {
  const counts = { upstreams: fc.integer({ min: 0, max: 24 }), replicas: fc.integer({ min: 1, max: 20 }) };
  fc.assert(
    fc.property(
      counts.upstreams,
      counts.replicas,
      fc.constantFrom(4 as const, 6 as const),
      (count, replicas, ipVersion) => {
        const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`u${index}`, echoPart()]));
        const links = linksOf({ target: { replicas }, upstreams: many, ipVersion });
        const addresses = links.flatMap((link) => [link.targetAddress, link.peerAddress]);
        return (
          addresses.every((address) => isIP(address) === ipVersion) && new Set(addresses).size === addresses.length
        );
      },
    ),
  );
  t.pass();
});
