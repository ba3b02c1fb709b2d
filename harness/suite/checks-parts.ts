import { escaped } from "../core/text.ts";
import type { Report, Written } from "./checks.ts";
import type { Path } from "./document.ts";
import { parseFactorKey } from "./factor-key.ts";
import { shown } from "./problems.ts";

/** Target and upstreams: each says what runs, or that it runs already, and nothing is asked of what is never started. */
export function checkParts(written: Written, report: Report): void {
  const upstreams = written.keys(["upstreams"]).map((name) => ["upstreams", name]);
  for (const path of [["target"], ...upstreams].filter(written.isMap)) {
    if (path.length > 1 && written.has([...path, "external"])) checkExternal(path, written, report);
    else checkProgram(path, written, report);
    checkFiles(path, written, report);
  }
  checkExternalsLeftAlone(written, report);
}

function checkExternal(path: Path, written: Written, report: Report): void {
  for (const key of startedOnly.filter((each) => written.has([...path, each]))) {
    report([...path, key], `this can't stand beside external: the service is there already and never started`, "key");
  }
}

/** An unknown key is the schema's to tell. */
const startedOnly = ["command", "port", "ready", "env", "sysctls", "cpus", "ordinaryUser", "rps", "kubernetes"];

/** The target's port is asked for by the schema. */
function checkProgram(path: Path, written: Written, report: Report): void {
  const runs = [["command"], ...["manifest", "image", "command"].map((key) => ["kubernetes", key])];
  if (!runs.some((keys) => written.has([...path, ...keys]))) {
    const upstream = path.length > 1;
    const other = `kubernetes: with manifest or image for a cluster only${upstream ? ", or external: host:port" : ""}`;
    report(path, `"command" is missing; give the program and its arguments, [node, target.ts], or ${other}`, "key");
  } else if (path.length > 1 && !written.has([...path, "port"])) {
    report(path, '"port" is missing; give a port, a whole number from 1 to 65535', "key");
  }
}

function checkFiles(path: Path, written: Written, report: Report): void {
  const list = [...path, "kubernetes", "files"];
  const files = written.keys(list).map((i) => written.text([...list, i]));
  files.forEach((file, i) => {
    if (file !== null && files.indexOf(file) !== i) report([...list, i], `${shown(file)} is here twice; use it once`);
  });
}

/** No profile, factor or action changes what the run does not start. */
function checkExternalsLeftAlone(written: Written, report: Report): void {
  const externals = written.keys(["upstreams"]).filter((name) => written.has(["upstreams", name, "external"]));
  for (const name of externals) {
    const why = `${escaped(name)} is external: it is never started, so nothing of it can be changed`;
    for (const path of changesOf(name, written)) report(path, why, "key");
  }
}

function changesOf(name: string, written: Written): Path[] {
  const profiles = written.keys(["profiles"]).map((profile) => ["profiles", profile, "upstreams", name]);
  const factors = written.keys(["factors"]).flatMap((factor) =>
    written.keys(["factors", factor]).flatMap((key) => {
      const parsed = parseFactorKey(key);
      return "upstream" in parsed && parsed.upstream === name ? [["factors", factor, key]] : [];
    }),
  );
  const actions = written.keys(["conditions"]).flatMap((condition) => {
    const list = ["conditions", condition, "actions"];
    return written.keys(list).flatMap((i) => ["kill", "pause", "part"].map((key) => [...list, i, key]));
  });
  return [...profiles.filter(written.has), ...factors, ...actions.filter((path) => written.text(path) === name)];
}
