import { grouped } from "../../core/numbers.ts";
import { dashed, escaped } from "../../core/text.ts";
import { type Destination, isReused } from "./traffic.ts";
import { comment, indented } from "./yaml-words.ts";

/** A destination with the name that it has in the suite. */
export interface Upstream extends Destination {
  upstream: string;
}

/** Each with a name of its own: a Service's, else what usually listens on its port. */
export function upstreamsOf(destinations: readonly Destination[]): Upstream[] {
  const taken = new Set<string>();
  return destinations.map((destination) => {
    const base = labelOf(nameOf(destination));
    const upstream =
      Array.from({ length: destinations.length }, (_, n) => (n === 0 ? base : `${base}-${n + 1}`)).find(
        (name) => !taken.has(name),
      ) ?? base;
    taken.add(upstream);
    return { ...destination, upstream };
  });
}

/** "Service shop/db" -> db; without a name by what usually listens there. */
function nameOf({ name, port }: Destination): string {
  return name === null ? (usualPorts[port] ?? `port-${port}`) : (name.split("/").at(-1) ?? name);
}

const usualPorts: Record<number, string> = {
  ...{ 80: "http", 443: "https", 3306: "mysql", 5432: "postgres", 6379: "redis", 8080: "http", 9092: "kafka" },
  ...{ 11211: "memcached", 27017: "mongodb", 5672: "amqp", 9200: "elasticsearch", 2379: "etcd", 53: "dns" },
};

/** A DNS label of at most 40 characters, and no role's name. */
export function labelOf(text: string): string {
  const words = dashed(text).slice(0, 40).replace(/-$/, "");
  return /^(|generator|target(-\d+)?)$/.test(words) ? `service-${words}`.replace(/-$/, "") : words;
}

/** The suite's section of them; `leftOut` destinations have no place in it. */
export function upstreamLines(upstreams: Upstream[], leftOut: number): string[] {
  if (upstreams.length === 0) return [];
  return [
    ...comment(
      "Stand-ins: they take connections and answer HTTP, so that ports and queues behave; what speaks another protocol needs its own program as `command`. In a cluster `external: HOST:PORT` is the real one, which then gets the load.",
    ),
    "upstreams:",
    ...indented(upstreams.flatMap(upstreamPart)),
    ...(leftOut === 0 ? [] : comment(`${grouped(leftOut)} more destinations were seen, with fewer connections.`)),
    "",
  ];
}

function upstreamPart(upstream: Upstream): string[] {
  const { upstream: name, address, port } = upstream;
  const called = upstream.name === null ? "" : `${escaped(upstream.name)}, `;
  return [
    ...comment(`${called}${address}:${port}: ${flowWords(upstream)}`),
    `${name}: { command: [node, stand-in.mjs], port: ${port}, kubernetes: { files: [stand-in.mjs] } }`,
  ];
}

/** "12 new connections a second, 3 open: kept and used again" */
export function flowWords(one: Pick<Destination, "openedPerSecond"> & { open: number | null }): string {
  const opened = one.openedPerSecond === null ? "" : `${grouped(one.openedPerSecond, 1)} new connections a second, `;
  return `${opened}${grouped(one.open ?? 0)} open${isReused(one) ? ": they are kept, and used again" : ""}`;
}
