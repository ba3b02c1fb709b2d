import { conditionsOf } from "../results/experiment.ts";
import { unknownAddresses } from "./cluster-references.ts";
import { distinctRolesOf, type Part, type Profile, type Suite } from "./suite.ts";
import { suiteFor } from "./suite-for.ts";

/**
 * What of a suite, and of the profiles chosen from it, no cluster can do, as sentences.
 * @param runners k6 pods that share the load: the suite's, else the cluster's
 */
export function clusterProblems(suite: Suite, profiles: Profile[], runners: number): string[] {
  return [
    ...actions(suite),
    ...(suite.ipVersion === 6
      ? ["ipVersion: pods have the addresses that their cluster gives them; leave it out"]
      : []),
    ...pinned(suite),
    ...steered(suite, profiles),
    ...absentFiles(suite, profiles),
    ...unknownAddresses(suite, profiles),
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

function pinned(suite: Suite): string[] {
  const pins = [["generator", suite.generator.cpus], ...partsOf(suite).map(([name, { cpus }]) => [name, cpus])];
  return pins
    .filter(([, cpus]) => cpus !== null)
    .map(([name]) => `${name}.cpus: a pod can't be pinned to CPUs that the suite names; leave it out`);
}

function steered(suite: Suite, profiles: Profile[]): string[] {
  const places = [
    ...partsOf(suite).flatMap(([name, { rps }]) => (rps === null ? [] : [`${name}.rps`])),
    ...profiles.flatMap(({ name, rps }) => (rps === null ? [] : [`profile ${name}: rps`])),
  ];
  return places.map(
    (place) => `${place}: packets of a pod are steered by its node, which is not touched; leave it out`,
  );
}

/** In the stock Node image there is nothing of the suite's but what `files` brings. */
function absentFiles(suite: Suite, profiles: Profile[]): string[] {
  const commands = [
    ...partsOf(suite).map(([name, part]) => ({ place: name, part, command: part.kubernetes?.command ?? part.command })),
    ...profiles.flatMap(({ name, command, image }) =>
      command === null || image !== null ? [] : [{ place: `profile ${name}`, part: suite.target, command }],
    ),
  ];
  return commands.flatMap(({ place, part, command }) => {
    const { manifest = null, image = null, files = [] } = part.kubernetes ?? {};
    if (manifest !== null || image !== null) return [];
    const absent = command.filter((word) => scriptName.test(word) && !files.includes(word.replace(/^\.\//, "")));
    return absent.map(
      (file) => `${place}: its command names ${file}, which is not in the pod; add it to kubernetes.files`,
    );
  });
}

/** A script by its path in the suite's folder, as `node` takes it. */
const scriptName = /^(?:\.\/)?[\w-][\w./-]*\.[cm]?[jt]s$/;

/** k6 refuses a share of the load without a virtual user. */
function idleRunners(suite: Suite, profiles: Profile[], runners: number): string[] {
  return profiles.flatMap((profile) => {
    const { virtualUsers } = suiteFor(suite, profile).load;
    if (virtualUsers >= runners) return [];
    return [
      `profile ${profile.name}: ${runners} runners can't share ${virtualUsers} virtual users; use at most as many`,
    ];
  });
}

function partsOf(suite: Suite): [name: string, part: Part][] {
  return distinctRolesOf(suite).flatMap((role): [string, Part][] => {
    if (role === "generator") return [];
    const upstream = suite.upstreams[role];
    return upstream === undefined ? [[role, suite.target]] : [[`upstreams.${role}`, upstream]];
  });
}
