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
 * whatever they depend on. Those that are said come first. Pure.
 */
export function dependenciesOf(upstreams: Upstreams): Dependency[] {
  const names = Object.keys(upstreams);
  const found: Dependency[] = names.flatMap((upstream) =>
    (upstreams[upstream]?.container?.dependsOn ?? []).map((on) => ({ upstream, on, waits: true })),
  );
  for (const upstream of names) {
    for (const on of names.filter((other) => other !== upstream && isTold(upstreams, upstream, other))) {
      const isLinked = found.some(
        (one) => [one.upstream, one.on].toSorted().join() === [upstream, on].toSorted().join(),
      );
      if (!isLinked) found.push({ upstream, on, waits: !waitsFor(found, on, upstream) });
    }
  }
  return found;
}

/** What an upstream waits for before it is started. */
export function awaitedBy(dependencies: Dependency[], upstream: string): string[] {
  return dependencies.flatMap((one) => (one.upstream === upstream && one.waits ? [one.on] : []));
}

function waitsFor(dependencies: Dependency[], upstream: string, other: string): boolean {
  return awaitedBy(dependencies, upstream).some((next) => next === other || waitsFor(dependencies, next, other));
}

function isTold(upstreams: Upstreams, upstream: string, other: string): boolean {
  const part = upstreams[upstream];
  if (part === undefined) return false;
  const texts = [...part.command, ...Object.values(part.env), ...(part.container?.entrypoint ?? [])];
  const isReferred = texts.some((text) =>
    referencesIn(text).some(({ name }) => name.startsWith(`upstreams.${other}.`)),
  );
  if (isReferred || part.container === null) return isReferred;
  const mention = mentionOf([other, ...(upstreams[other]?.container?.aliases ?? [])]);
  return texts.some((text) => mention.test(text));
}

/** A name as a word of its own: "db:3306", "mysql://shop@db/shop", not "db.sql". */
function mentionOf(names: string[]): RegExp {
  const literal = names.map((name) => name.replaceAll(/[^A-Za-z0-9_-]/g, "\\$&"));
  return new RegExp(`(?<![\\w.-])(?:${literal.join("|")})(?![\\w.-])`);
}
