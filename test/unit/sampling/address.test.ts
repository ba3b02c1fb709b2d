import test from "ava";
import fc from "fast-check";
import { formatAddress } from "../../../harness/sampling/address.ts";

test("addresses as people write them, from a little-endian machine's hex", (t) => {
  t.is(formatAddress("0200C612", "LE"), "18.198.0.2");
  t.is(formatAddress("020012C6", "LE"), "198.18.0.2");
  t.is(formatAddress("0100007F", "LE"), "127.0.0.1");
  t.is(formatAddress("0000000000000000FFFF0000020012C6", "LE"), "198.18.0.2");
  t.is(formatAddress("02000120000000000000000007000000", "LE"), "2001:2::7");
  t.is(formatAddress("00000000000000000000000001000000", "LE"), "::1");
  t.is(formatAddress("00000000000000000000000000000000", "LE"), "::");
});

test("and from a big-endian one's", (t) => {
  t.is(formatAddress("C6120002", "BE"), "198.18.0.2");
  t.is(formatAddress("20010002000000000000000000000007", "BE"), "2001:2::7");
});

test("every IPv4 address", (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), (bytes) => {
      const hex = bytes
        .toReversed()
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("")
        .toUpperCase();
      return formatAddress(hex, "LE") === bytes.join(".");
    }),
  );
  t.pass();
});
