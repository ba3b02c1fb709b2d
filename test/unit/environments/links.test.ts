import { isIP } from "node:net";
import test from "ava";
import fc from "fast-check";
import { addressesOf, interfacesOf, linksOf } from "../../../harness/environments/netns/links.ts";
import { echoPart } from "../../helpers/suites.ts";

const upstreams = { db: echoPart(), cache: echoPart() };

test("IPv4: a subnet for each link, the target reached on the generator's", (t) => {
  const links = linksOf({ upstreams, ipVersion: 4 });
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
  const addresses = addressesOf(linksOf({ upstreams, ipVersion: 6 }));
  t.deepEqual(addresses, { generator: "2001:2::1", target: "2001:2::2", db: "2001:2:0:1::2", cache: "2001:2:0:2::2" });
});

test("addresses are valid and all differ, however many upstreams", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 250 }), fc.constantFrom(4 as const, 6 as const), (count, ipVersion) => {
      const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`u${index}`, echoPart()]));
      const links = linksOf({ upstreams: many, ipVersion });
      const addresses = links.flatMap((link) => [link.targetAddress, link.peerAddress]);
      return addresses.every((address) => isIP(address) === ipVersion) && new Set(addresses).size === addresses.length;
    }),
  );
  t.pass();
});
