import { referencesIn } from "./interpolate.ts";
import type { Part, Profile, Suite } from "./suite.ts";

/**
 * References that have no value when a pod is made, as sentences: its address is known once it runs. Upstreams start side by side, then
 * the target; external ones are known all along, and so is every port.
 */
export function unknownAddresses(suite: Suite, profiles: Profile[]): string[] {
  const started = Object.keys(suite.upstreams).filter((name) => suite.upstreams[name]?.external === null);
  const later = new Set(started.flatMap((name) => addressOf(`upstreams.${name}`)));
  const never = new Set(addressOf("target"));
  return textsOf(suite, profiles).flatMap(({ place, role, texts }) => {
    const names = texts.flatMap((text) => referencesIn(text).map(({ name }) => name));
    const unknown = names.filter((name) => never.has(name) || (role !== "target" && later.has(name)));
    return [...new Set(unknown)].map((name) => `${place}: \${${name}} is not known when its pod is made; leave it out`);
  });
}

function addressOf(part: string): string[] {
  return [`${part}.host`, `${part}.address`];
}

interface Texts {
  place: string;
  /** "target" or an upstream's name. */
  role: string;
  texts: string[];
}

function textsOf(suite: Suite, profiles: Profile[]): Texts[] {
  const upstreams = Object.entries(suite.upstreams);
  return [
    { place: "target", role: "target", texts: ofPart(suite.target) },
    ...upstreams.map(([name, part]) => ({ place: `upstreams.${name}`, role: name, texts: ofPart(part) })),
    ...profiles.flatMap(({ name, command, env, upstreamEnv }) => {
      const place = `profile ${name}`;
      const own = { place, role: "target", texts: [...(command ?? []), ...Object.values(env)] };
      const theirs = Object.entries(upstreamEnv).map(([role, vars]) => ({ place, role, texts: Object.values(vars) }));
      return [own, ...theirs];
    }),
  ];
}

function ofPart({ command, env, kubernetes }: Part): string[] {
  return [...(kubernetes?.command ?? command), ...Object.values(env)];
}
