import { didYouMean } from "../../core/nearest.ts";
import { shown } from "../problems.ts";
import { service } from "./schema.ts";

/** What a service may have beside what is read: it changes nothing of what one trial measures. */
const ignored = [
  ...["annotations", "attach", "build", "develop", "domainname", "init", "label_file", "labels", "logging"],
  ...["profiles", "pull_policy", "restart", "stdin_open", "stop_grace_period", "stop_signal", "tty"],
];

const read = Object.keys(service.shape);

/** Why a key of a service can't stand; null where it can. Those of extensions (x-) are nobody's. */
export function keyProblem(key: string, value: unknown): string | null {
  if (read.includes(key) || ignored.includes(key) || key.startsWith("x-")) return null;
  if (key === "network_mode") return networkProblem(value);
  const near = didYouMean(key, [...read, ...ignored]);
  return `${shown(key)} is not read, and would change what is measured; take it out for the trial${near}`;
}

function networkProblem(mode: unknown): string | null {
  if (mode === "bridge" || mode === "default") return null;
  const why =
    mode === "host"
      ? "with the machine's network it has the machine's settings, which are never written, and every trial would meet what else runs here"
      : "it would have another one's settings";
  return `${shown(mode)} leaves it no network of its own: ${why}; take it out for the trial`;
}
