import type { LaunchedPart } from "../../harness/testbeds/netns/part.ts";
import type { NetnsTrialBed } from "../../harness/testbeds/netns/trial.ts";

/** Address of a role's server as its peers reach it. */
export function urlOf(bed: NetnsTrialBed, role: string, port: number): string {
  const host = bed.addresses[role] ?? "";
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Body of a GET made inside a role's namespace, or the code of its failure. */
export async function fetchInside(bed: NetnsTrialBed, role: string, url: string): Promise<string> {
  const script = `fetch(${JSON.stringify(url)}).then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))`;
  return linesOf(await evaluateInside(bed, role, script));
}

/** Starts JavaScript inside a role's namespace; its output comes as lines. */
export function evaluateInside(bed: NetnsTrialBed, role: string, script: string): Promise<LaunchedPart> {
  const program = { argv: [process.execPath, "-e", script], env: {}, cwd: "/", logFile: "/dev/null", cpus: null };
  return bed.spawn(role, program);
}

/** What a program wrote, once it has ended. */
export async function linesOf(client: LaunchedPart): Promise<string> {
  await client.ended;
  return client.lastLines().join("\n");
}

/** The first line, from now on, that a test looks for. */
export function lineOf(client: LaunchedPart, matches: (line: string) => boolean): Promise<string> {
  return new Promise((resolve) => client.onLine((line) => matches(line) && resolve(line)));
}
