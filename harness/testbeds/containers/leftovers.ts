import { isAbandonedName } from "../netns/workspace.ts";
import { label } from "./arguments.ts";
import { type ContainerEngine, call, engineNames } from "./container-engine.ts";

/** What can be asked for its containers: who it is takes podman a dozen programs to tell, and is no matter here. */
type Named = Pick<ContainerEngine, "name">;

/** Removes what there still is of a trial's containers, with their volumes; resolves with the engine's words where it can't. */
export async function removeTrial(engine: Named, trial: string): Promise<string | null> {
  const ids = await list(engine, `${label}=${trial}`, "{{.ID}}");
  return ids.length === 0 ? null : remove(engine, ids);
}

/** Removes containers of ours whose harness is gone, of every engine here that answers; their names, and what could not be removed. */
export async function removeAbandoned(): Promise<{ removed: string[]; left: string[] }> {
  const all = await Promise.all(engineNames.map((name) => abandonedOf({ name })));
  return { removed: all.flatMap(({ removed }) => removed), left: all.flatMap(({ left }) => left) };
}

async function abandonedOf(engine: Named): Promise<{ removed: string[]; left: string[] }> {
  const names = await list(engine, label, "{{.Names}}");
  const ours = names.filter((name) => isAbandonedName(trialOf(name)));
  if (ours.length === 0) return { removed: [], left: [] };
  const words = await remove(engine, ours);
  const titles = ours.map((name) => `${engine.name} container ${name}`);
  return words === null ? { removed: titles, left: [] } : { removed: [], left: [`${titles.join(", ")}: ${words}`] };
}

/** Of a container's name, which goes on with its role and its number. */
function trialOf(name: string): string {
  return name.split(".").slice(0, 2).join(".");
}

async function list(engine: Named, filter: string, format: string): Promise<string[]> {
  const { stdout } = await call(engine, ["ps", "--all", `--filter=label=${filter}`, `--format=${format}`]);
  return stdout.split("\n").filter((line) => line !== "");
}

async function remove(engine: Named, names: string[]): Promise<string | null> {
  const { ok, words } = await call(engine, ["rm", "--force", "--volumes", ...names]);
  // What ends by itself meanwhile is removed by the engine.
  return ok || /no such container|already in progress/i.test(words) ? null : words;
}
