import type { Profile, Suite } from "./suite.ts";

/** What of a suite, and of the profiles chosen from it, namespaces of this machine can't do, as sentences: it needs a cluster. */
export function homeProblems(suite: Suite, profiles: Profile[]): string[] {
  return [...partsWithoutCommand(suite), ...externals(suite), ...profilesOfClusters(profiles)];
}

function partsWithoutCommand({ target, upstreams }: Suite): string[] {
  const parts = [{ name: "target", part: target }].concat(
    Object.entries(upstreams).map(([name, part]) => ({ name: `upstreams.${name}`, part })),
  );
  return parts
    .filter(({ part }) => part.external === null && part.command.length === 0)
    .map(({ name }) => `${name}: only its kubernetes form says what runs; here it needs a command`);
}

function externals({ upstreams }: Suite): string[] {
  const names = Object.keys(upstreams).filter((name) => upstreams[name]?.external !== null);
  return names.map((name) => `upstreams.${name}: an external service is reached from clusters only`);
}

/** What would silently be the same as without it. */
function profilesOfClusters(profiles: Profile[]): string[] {
  return profiles.flatMap(({ name, route, image, nodeSelector }) => {
    const keys = [
      ...(route === null ? [] : ["route"]),
      ...(image === null ? [] : ["image"]),
      ...(Object.keys(nodeSelector).length === 0 ? [] : ["nodeSelector"]),
    ];
    return keys.map((key) => `profile ${name}: ${key} is about pods; here it would change nothing`);
  });
}
