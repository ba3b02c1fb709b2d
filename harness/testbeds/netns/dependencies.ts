import { referencesIn } from "../../suite/interpolate.ts";
import type { Suite } from "../../suite/suite.ts";

/** One upstream that dials another: it has a link to it. */
export interface Dependency {
  upstream: string;
  on: string;
  /** Whether it is started only once the other is ready: of two that dial each other one alone waits. */
  waits: boolean;
}

type Upstreams = Suite["upstreams"];

/**
 * Upstreams that dial one another: where a suite or a compose file says so (dependsOn), where one's command or variables refer to another
 * (`${upstreams.db.host}`), and, of containers, where they hold a name of another's: services of a compose file reach one another by their names,
 * whatever they depend on. A name that stands where an address does is waited for; one that may be any word (a user called like a service) makes a
 * link alone. Those that are said come first. Pure.
 */
export function dependenciesOf(upstreams: Upstreams): Dependency[] {
  const names = Object.keys(upstreams);
  const found: Dependency[] = names.flatMap((upstream) =>
    [...new Set(upstreams[upstream]?.container?.dependsOn ?? [])].map((on) => ({ upstream, on, waits: true })),
  );
  const pairs = names.flatMap((upstream) => names.filter((on) => on !== upstream).map((on) => ({ upstream, on })));
  const told = pairs.map((pair) => ({ ...pair, how: toldOf(upstreams, pair.upstream, pair.on) }));
  for (const sought of ways) {
    const now = told.filter(({ how }) => how === sought);
    for (const { upstream, on } of now) {
      if (found.some((one) => isSamePair(one, { upstream, on }))) continue;
      const isMutual = now.some((other) => other.upstream === on && other.on === upstream);
      const waits = sought !== "named" && !(sought === "dialled" && isMutual) && !waitsFor(found, on, upstream);
      found.push({ upstream, on, waits });
    }
  }
  return found;
}

/** How an upstream is told of another, the surest first. */
const ways = ["referred", "dialled", "named"] as const;

function isSamePair(one: Omit<Dependency, "waits">, other: Omit<Dependency, "waits">): boolean {
  return [one.upstream, one.on].toSorted().join() === [other.upstream, other.on].toSorted().join();
}

/** What an upstream waits for before it is started. */
export function awaitedBy(dependencies: Dependency[], upstream: string): string[] {
  return dependencies.flatMap((one) => (one.upstream === upstream && one.waits ? [one.on] : []));
}

function waitsFor(dependencies: Dependency[], upstream: string, other: string): boolean {
  return awaitedBy(dependencies, upstream).some((next) => next === other || waitsFor(dependencies, next, other));
}

function toldOf(upstreams: Upstreams, upstream: string, other: string): (typeof ways)[number] | null {
  const part = upstreams[upstream];
  if (part === undefined) return null;
  const variables = Object.entries(part.env);
  const texts = [...part.command, ...variables.map(([, text]) => text), ...(part.container?.entrypoint ?? [])];
  if (texts.some((text) => referencesIn(text).some(({ name }) => name.startsWith(`upstreams.${other}.`))))
    return "referred";
  if (part.container === null) return null;
  const names = [other, ...(upstreams[other]?.container?.aliases ?? [])];
  const [dialled, named] = [dialledForm(names), namedForm(names)];
  // HOST=db, and --host=db, which reads like it.
  const hosts = variables.some(([key, text]) => hostKey.test(key) && names.includes(text.trim()));
  if (hosts || texts.some((text) => dialled.test(text))) return "dialled";
  return texts.some((text) => named.test(text)) ? "named" : null;
}

const hostKey = /HOST|ADDR|SERVER|ENDPOINT|BROKER/i;

/** Where an address stands: "db:3306", "mysql://db/shop", "shop@db", "--db-host=db". */
function dialledForm(names: string[]): RegExp {
  const name = `(?:${names.map(literal).join("|")})`;
  const option = "--?[\\w-]*(?:host|addr|server|endpoint|broker)[\\w-]*=";
  return new RegExp(`(?:(?://|@|${option})${name}(?![\\w.-])|(?<![\\w.-])${name}:\\d)`, "i");
}

/** A name as a word of its own: "db", not "db.sql". */
function namedForm(names: string[]): RegExp {
  return new RegExp(`(?<![\\w.-])(?:${names.map(literal).join("|")})(?![\\w.-])`);
}

function literal(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "\\$&");
}
