import { SocketAddress } from "node:net";
import { endianness } from "node:os";

/**
 * An address as /proc/net/tcp{,6} writes it (8 or 32 hex digits) in the form people write: 198.18.0.2, 2001:2::1.
 * An IPv4-mapped IPv6 address comes out as the IPv4 address that it is on the wire. Each 32-bit word is in the
 * machine's byte order.
 */
export function formatAddress(hex: string, order: "LE" | "BE" = endianness()): string {
  const bytes = wordsOf(hex).flatMap((word) => (order === "LE" ? [...word].reverse() : word));
  if (bytes.length === 4) return bytes.join(".");
  if (isMapped(bytes)) return bytes.slice(12).join(".");
  return compress(bytes);
}

function wordsOf(hex: string): number[][] {
  return (hex.match(/.{8}/g) ?? []).map((word) => (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

function isMapped(bytes: number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
}

/** Node's own shortest form (RFC 5952). */
function compress(bytes: number[]): string {
  const groups = bytes.flatMap((byte, i) => (i % 2 === 0 ? [((byte << 8) | (bytes[i + 1] ?? 0)).toString(16)] : []));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}
