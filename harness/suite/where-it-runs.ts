import { conditionsOf } from "../results/goals-of.ts";
import { referencesIn } from "./interpolate.ts";
import { type Part, type Profile, type Suite, suiteFor } from "./suite.ts";

/** What of a suite, and of the profiles chosen from it, namespaces of this machine can't do, as sentences: it needs a cluster. */
export function homeProblems(suite: Suite, profiles: Profile[]): string[] {
  return [
    ...partsOf(suite)
      .filter(({ part }) => part.external === null && part.container === null && part.command.length === 0)
      .map(({ path }) => `${path}: only its kubernetes form says what runs; here it needs a command`),
    ...partsOf(suite)
      .filter(({ part }) => part.external !== null)
      .map(({ path }) => `${path}: an external service is reached from clusters only`),
    ...profiles.flatMap((profile) => onlyOfPods(profile, suite)),
  ];
}

/** What would silently be the same as without it. */
function onlyOfPods({ name, route, image, nodeSelector }: Profile, { target }: Suite): string[] {
  const keys = [
    ...(route === null ? [] : ["route"]),
    ...(image === null || target.container !== null ? [] : ["image"]),
    ...(Object.keys(nodeSelector).length === 0 ? [] : ["nodeSelector"]),
  ];
  return keys.map((key) => `profile ${name}: ${key} is about pods; here it would change nothing`);
}

/**
 * What of a suite, and of the profiles chosen from it, no cluster can do, as sentences.
 * @param runners pods that share the load: the suite's, else the cluster's
 */
export function clusterProblems(suite: Suite, profiles: Profile[], runners: number): string[] {
  return [
    ...actions(suite),
    ...(suite.ipVersion === 6
      ? ["ipVersion: pods have the addresses that their cluster gives them; leave it out"]
      : []),
    ...atHome(suite),
    ...pinned(suite),
    ...steered(suite, profiles),
    ...privileged(suite),
    ...absentFiles(suite, profiles),
    ...unknownAddresses(suite, profiles),
    ...absentFolders(suite),
    ...idleRunners(suite, profiles, runners),
  ];
}

function actions({ experiment }: Suite): string[] {
  return conditionsOf(experiment)
    .filter((condition) => condition.actions.length > 0)
    .map(
      ({ name }) =>
        `conditions.${name}: actions kill, pause and delay processes of this machine; pods have none of that`,
    );
}

/** A cluster's pods have their images by their `kubernetes` form. */
function atHome(suite: Suite): string[] {
  return partsOf(suite)
    .filter(({ part }) => part.container !== null && part.kubernetes === null)
    .map(
      ({ path }) => `${path}: docker and podman run its image on this machine; for a cluster give kubernetes: {image}`,
    );
}

function pinned(suite: Suite): string[] {
  const pins = [{ path: "generator", part: suite.generator }, ...partsOf(suite)];
  return pins
    .filter(({ part }) => part.cpus !== null)
    .map(({ path }) => `${path}.cpus: a pod can't be pinned to CPUs that the suite names; leave it out`);
}

function steered(suite: Suite, profiles: Profile[]): string[] {
  const paths = [
    ...partsOf(suite).flatMap(({ path, part }) => (part.rps === null ? [] : [`${path}.rps`])),
    ...profiles.flatMap(({ name, rps }) => (rps === null ? [] : [`profile ${name}: rps`])),
  ];
  return paths.map((path) => `${path}: packets of a pod are steered by its node, which is not touched; leave it out`);
}

function privileged(suite: Suite): string[] {
  return partsOf(suite)
    .filter(({ part }) => part.privileged && (part.kubernetes?.manifest ?? null) === null)
    .map(({ path }) => `${path}.privileged: a pod has the rights that a manifest gives it; give one, or leave it out`);
}

/** In the stock Node image there is nothing of the suite's but what `files` brings. */
function absentFiles(suite: Suite, profiles: Profile[]): string[] {
  const commands = [
    ...partsOf(suite).map(({ path, part }) => ({ path, part, command: podCommand(part) })),
    ...profiles.flatMap(({ name, command, image }) =>
      command === null || image !== null ? [] : [{ path: `profile ${name}`, part: suite.target, command }],
    ),
  ];
  return commands.flatMap(({ path, part, command }) => {
    const { manifest = null, image = null, files = [] } = part.kubernetes ?? {};
    if (manifest !== null || image !== null) return [];
    const absent = command.filter((word) => scriptName.test(word) && !files.includes(word.replace(/^\.\//, "")));
    return absent.map(
      (file) => `${path}: its command names ${file}, which is not in the pod; add it to kubernetes.files`,
    );
  });
}

/** A script by its path in the suite's folder, as `node` takes it. */
const scriptName = /^(?:\.\/)?[\w-][\w./-]*\.[cm]?[jt]s$/;

/**
 * References that have no value when a pod is made: its address is known once it runs. Upstreams start side by side, then the
 * target; external ones are known all along, and so is every port.
 */
function unknownAddresses(suite: Suite, profiles: Profile[]): string[] {
  const parts = partsOf(suite);
  const later = parts.filter(({ part }) => part.external === null).flatMap(({ path }) => addressOf(path));
  const never = addressOf("target");
  const texts = [
    ...parts.map(({ path, part }) => ({ path, of: path, texts: [...podCommand(part), ...Object.values(part.env)] })),
    ...profiles.flatMap(({ name, command, env, upstreamEnv }) => {
      const path = `profile ${name}`;
      const own = { path, of: "target", texts: [...(command ?? []), ...Object.values(env)] };
      return [own, ...Object.values(upstreamEnv).map((vars) => ({ path, of: "upstream", texts: Object.values(vars) }))];
    }),
  ];
  return texts.flatMap(({ path, of, texts }) => {
    const names = texts.flatMap((text) => referencesIn(text).map(({ name }) => name));
    const unknown = names.filter((name) => (of === "target" ? never : later).includes(name));
    return [...new Set(unknown)].map((name) => `${path}: \${${name}} is not known when its pod is made; leave it out`);
  });
}

/** In a runner's pod lie the script and what it opens. */
function absentFolders({ load }: Suite): string[] {
  return Object.entries(load.env).flatMap(([name, text]) => {
    const names = new Set(referencesIn(text).map((reference) => reference.name));
    const absent = ["folder", "data"].filter((folder) => names.has(folder));
    return absent.map((folder) => `load.env.${name}: \${${folder}} is not in a runner's pod; leave it out`);
  });
}

function addressOf(part: string): string[] {
  return [`${part}.host`, `${part}.address`];
}

/** k6 refuses a share of the load without a virtual user; of Locust's it would do nothing. */
function idleRunners(suite: Suite, profiles: Profile[], runners: number): string[] {
  return profiles.flatMap((profile) => {
    const { virtualUsers } = suiteFor(suite, profile).load;
    if (virtualUsers >= runners) return [];
    return [
      `profile ${profile.name}: ${runners} runners can't share ${virtualUsers} virtual users; use at most as many`,
    ];
  });
}

function podCommand({ command, kubernetes }: Part): string[] {
  return kubernetes?.command ?? command;
}

/** Parts by their path in the file. */
function partsOf({ target, upstreams }: Suite): { path: string; part: Part }[] {
  return [
    { path: "target", part: target },
    ...Object.entries(upstreams).map(([name, part]) => ({ path: `upstreams.${name}`, part })),
  ];
}
