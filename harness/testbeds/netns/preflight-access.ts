import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { CapabilityError } from "../../core/errors.ts";
import { inScope, openScope, type Scope } from "../../core/scope.ts";
import { enterArgv, runInside } from "./enter.ts";
import type { Generator } from "./generator.ts";
import { type Holder, spawnHolder } from "./holder.ts";
import { becomeArgv, type OrdinaryId, ordinaryId } from "./identity.ts";
import { filledCommand, type PartsRequest, programVariantsOf } from "./preflight-parts.ts";
import { programsOf } from "./programs-of-command.ts";
import { mountSysfs } from "./steering.ts";
import { mountView, viewOf } from "./view.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

/** A place that a part, or the generator, must reach. */
interface Need {
  /** "target: its folder /root/shop" */
  what: string;
  path: string;
  /** As test(1) asks for it: to be entered or executed, to be read. */
  way: "-x" | "-r";
}

/**
 * Looks, in a namespace made as a trial's are and as who parts will be, whether they reach their folder and their programs; with
 * `generator` whether that can be run. Throws CapabilityError with each place that refuses.
 */
export async function proveAccess(request: PartsRequest, generator: Generator | null): Promise<void> {
  const user = ordinaryId(request.suite.folder, request.rootless);
  const left: string[] = [];
  const refused = await inScope(
    openScope(),
    async (scope) => {
      const { holder, workspace } = await openProbe(request, { user, generator }, scope);
      const run = { what: `generator: ${generator?.found.path}`, path: workspace.generator, way: "-x" } as const;
      const needs = generator === null ? needsOf(request, workspace) : [run];
      return refusals(needs, (place, way) => isLet(holder, user, place, way));
    },
    (words) => left.push(words),
  );
  if (refused.length + left.length === 0) return;
  const lines = [...refused, ...left].map((line) => `\n  ${line}`);
  throw new CapabilityError(
    `user ${user.uid}, as whom parts run, does not reach all that they need:${lines.join("")}`,
    {
      hint: "start tunebench with sudo from your own account (parts are you then), or let the part be privileged: true",
    },
  );
}

/** Rejects with CapabilityError, in the words of mount(8), where parts can't be given a view of their own here. */
async function openProbe(
  { rootless, nodePath }: PartsRequest,
  { user, generator }: { user: OrdinaryId; generator: Generator | null },
  scope: Scope,
): Promise<{ holder: Holder; workspace: Workspace }> {
  const workspace = makeWorkspace({ copies: [], nodePath, generator, owner: rootless ? null : user }, scope);
  const holding = spawnHolder("preflight", { rootless, userOf: null });
  scope.defer("end the preflight's namespace", () => holding.close());
  const holder = await holding.ready;
  await mountSysfs(holder);
  const view = { ...viewOf(null, { user, rootless }), workspace, hidden: null };
  await mountView(holder, view).catch((error: Error) => {
    throw new CapabilityError(error.message, { hint: "run outside the container, or with --privileged" });
  });
  return { holder, workspace };
}

/** Of parts that are what looks like root nothing is asked. */
function needsOf(request: PartsRequest, workspace: Workspace): Need[] {
  const { folder } = request.suite;
  const ordinary = programVariantsOf(request).filter(({ part }) => !part.privileged);
  return ordinary.flatMap(({ role, part }) => {
    const programs = programsOf(filledCommand(request, part) ?? [], { folder, nodePath: workspace.node });
    return [
      { what: `${role}: its folder ${folder}`, path: folder, way: "-x" as const },
      ...programs.flatMap(({ path, isText }) => {
        const run = { what: `${role}: ${path}`, path, way: "-x" as const };
        return isText ? [run, { ...run, way: "-r" as const }] : [run];
      }),
    ];
  });
}

/** A sentence for each need that is not met, with the first folder on the way that refuses. */
async function refusals(
  needs: Need[],
  isLet: (place: string, way: Need["way"]) => Promise<boolean>,
): Promise<string[]> {
  const distinct = new Map(needs.map((need) => [`${need.what} ${need.way}`, need]));
  const lines = new Set<string>();
  for (const { what, path, way } of distinct.values()) {
    if (await isLet(path, way)) continue;
    const folder = await firstOf(foldersTo(path), async (place) => !(await isLet(place, "-x")));
    lines.add(folder === null ? `${what} refuses` : `${what}: ${folder} refuses`);
  }
  return [...lines];
}

async function firstOf(places: string[], matches: (place: string) => Promise<boolean>): Promise<string | null> {
  for (const place of places) if (await matches(place)) return place;
  return null;
}

/** From the root on, and after them those behind links. */
function foldersTo(path: string): string[] {
  const above = (place: string): string[] => (place === "/" ? ["/"] : [...above(dirname(place)), place]);
  return [path, realpathSync(path)].flatMap((place) => above(dirname(place)));
}

async function isLet(holder: Holder, user: OrdinaryId, place: string, way: Need["way"]): Promise<boolean> {
  const argv = [...becomeArgv(user, holder.rootless), "test", way, place];
  const { exitCode, stderr } = await runInside(holder, enterArgv(holder), argv);
  if (stderr.trim() === "") return exitCode === 0;
  throw new CapabilityError(`a part can't be made an ordinary user here: ${stderr.trim()}`);
}
