import { didYouMean } from "../core/nearest.ts";
import { escaped } from "../core/text.ts";
import { checkExternal, checkExternalTarget, checkObserve } from "./checks-external.ts";
import type { Path } from "./document.ts";
import { upstreamOfKey } from "./factor-key.ts";
import { shown } from "./problems.ts";
import { containerOnlyKeys } from "./schema-container.ts";
import type { Checked, Written } from "./written.ts";

/** Target and upstreams: each says what runs, or that it runs already, and what is changed is one that is there and started. */
export function checkParts(checked: Checked): void {
  const { written, report } = checked;
  const upstreams = written.keys(["upstreams"]);
  if (written.has(["target", "external"])) checkExternalTarget(checked);
  else checkObserve(checked);
  for (const path of [["target"], ...upstreams.map((name) => ["upstreams", name])].filter(written.isMap)) {
    if (!written.has([...path, "external"])) checkProgram(path, checked);
    else if (path.length > 1) checkExternal(path, checked);
    checkContainer(path, checked);
  }
  checkDependencies(upstreams, checked);
  if (written.has(["target", "dependsOn"])) {
    report(["target", "dependsOn"], "the target depends on every upstream; leave it out", "key");
  }
  for (const { path, name } of changedUpstreams(written)) {
    if (!upstreams.includes(name)) report(path, noSuchUpstream(name, upstreams), "key");
    else checkStarted(path, name, checked);
  }
  for (const path of actionsIn(written)) checkAction(path, upstreams, checked);
}

function checkProgram(path: Path, { written, report }: Checked): void {
  const ways = [["command"], ["image"], ...["manifest", "image", "command"].map((key) => ["kubernetes", key])];
  const runs = ways.some((keys) => written.has([...path, ...keys]));
  if (!runs) {
    const external = path.length > 1 ? "host:port" : "service/NAME.NAMESPACE:PORT";
    const other = `kubernetes: with manifest or image for a cluster only, or external: ${external}`;
    const own = `"command" is missing; give the program and its arguments, [node, target.ts], image: shop:1.4`;
    report(path, `${own}, or ${other}`, "key");
  }
  if ((runs || path.length === 1) && !written.has([...path, "port"])) {
    report(path, '"port" is missing; give a port, a whole number from 1 to 65535', "key");
  }
}

/** What docker or podman is told of a container, and what a container has inside. */
function checkContainer(path: Path, { written, report }: Checked): void {
  if (written.has([...path, "image"])) return;
  for (const key of [...containerOnlyKeys.map((each) => [each]), ["ready", "exec"]]) {
    if (written.has([...path, ...key])) {
      report([...path, ...key], "this is of containers; give image:, or leave it out", "key");
    }
  }
}

/** Those that one depends on are there, started, and don't depend on it. */
function checkDependencies(upstreams: string[], { written, report }: Checked): void {
  const of = (name: string) => {
    const path = ["upstreams", name, "dependsOn"];
    return written.keys(path).map((i) => ({ path: [...path, Number(i)], name: written.text([...path, i]) ?? "" }));
  };
  const reaches = (from: string, to: string, seen: string[]): boolean =>
    of(from).some(({ name }) => name === to || (!seen.includes(name) && reaches(name, to, [...seen, name])));
  for (const { path, name, upstream } of upstreams.flatMap((upstream) =>
    of(upstream).map((one) => ({ ...one, upstream })),
  )) {
    if (!upstreams.includes(name)) report(path, noSuchUpstream(name, upstreams));
    else if (name === upstream || reaches(name, upstream, [name])) report(path, `${shown(name)} depends on this one`);
  }
}

/** Where a profile, a factor or a lever changes something of an upstream. */
function changedUpstreams(written: Written): { path: Path; name: string }[] {
  const profiles = written.keys(["profiles"]).flatMap((profile) => {
    const path = ["profiles", profile, "upstreams"];
    return written.keys(path).map((name) => ({ path: [...path, name], name }));
  });
  const factors = written.keys(["factors"]).flatMap((factor) =>
    written.keys(["factors", factor]).flatMap((key) => {
      const name = upstreamOfKey(key);
      return name === null ? [] : [{ path: ["factors", factor, key], name }];
    }),
  );
  const levers = written.keys(["find", "levers"]).flatMap((lever) => {
    const path = ["find", "levers", lever];
    const name = upstreamOfKey(written.text(path) ?? "");
    return name === null ? [] : [{ path, name }];
  });
  return [...profiles, ...factors, ...levers];
}

function actionsIn(written: Written): Path[] {
  return written.keys(["conditions"]).flatMap((condition) => {
    const list = ["conditions", condition, "actions"];
    return written.keys(list).map((i) => [...list, Number(i)]);
  });
}

/** What is done is done to a part that is there, and started. */
function checkAction(path: Path, upstreams: string[], checked: Checked): void {
  const { written, report } = checked;
  const parts = ["target", ...upstreams];
  for (const key of ["kill", "pause", "part"].filter((each) => written.text([...path, each]) !== null)) {
    const at = [...path, key];
    const name = written.text(at) ?? "";
    if (key === "part" && name === "target") {
      report(at, "only an upstream can be made to answer later; use one of them");
    } else if (key === "part" && !upstreams.includes(name)) {
      report(at, noSuchUpstream(name, upstreams));
    } else if (!parts.includes(name)) {
      const known = parts.map(escaped).join(", ");
      report(at, `no part is named ${shown(name)}; there are ${known}${didYouMean(name, parts)}`);
    } else {
      checkStarted(at, name, checked);
      checkReplica([...path, "replica"], name, checked);
    }
  }
}

function checkReplica(path: Path, part: string, { sections, written, report }: Checked): void {
  const replica = written.number(path) ?? 1;
  // Of a target that is not sound itself nothing is known: the fault there is the one to mend.
  const copies = part === "target" ? (sections.target?.replicas ?? Number.POSITIVE_INFINITY) : 1;
  if (replica <= copies) return;
  const many = part === "target" ? `the target has ${copies} (target.replicas)` : "an upstream has one copy";
  report(path, `there is no copy ${replica}: ${many}`);
}

/** No profile, factor or action changes what the run does not start. */
function checkStarted(path: Path, name: string, { written, report }: Checked): void {
  if (!written.has(name === "target" ? ["target", "external"] : ["upstreams", name, "external"])) return;
  const why = `${escaped(name)} is external: it is never started, so nothing of it can be changed`;
  report(path, why, "key");
}

function noSuchUpstream(name: string, upstreams: string[]): string {
  const known = upstreams.length === 0 ? "this suite has none" : `declared are ${upstreams.map(escaped).join(", ")}`;
  return `no upstream is named ${shown(name)}; ${known}${didYouMean(name, upstreams)}`;
}
