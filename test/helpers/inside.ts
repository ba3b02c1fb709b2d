import type { LocalStage, RunningPart } from "../../harness/testbeds/testbed.ts";

/** Address of a role's server as its peers reach it. */
export function urlOf(stage: LocalStage, role: string, port: number): string {
  const host = stage.addresses[role] ?? "";
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Body of a GET made inside a role's namespace, or the code of its failure. */
export async function fetchInside(stage: LocalStage, role: string, url: string): Promise<string> {
  const script = `fetch(${JSON.stringify(url)}).then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))`;
  return linesOf(await evaluateInside(stage, role, script));
}

/** Starts JavaScript inside a role's namespace; its output comes as lines. */
export function evaluateInside(stage: LocalStage, role: string, script: string): Promise<RunningPart> {
  const program = { argv: [process.execPath, "-e", script], env: {}, cwd: "/", logFile: "/dev/null", cpus: null };
  return stage.hands.spawn(role, program);
}

/** What a program wrote, once it has ended. */
export async function linesOf(client: RunningPart): Promise<string> {
  await client.ended;
  return client.lastLines().join("\n");
}

/** The first line, from now on, that a test looks for. */
export function lineOf(client: RunningPart, matches: (line: string) => boolean): Promise<string> {
  return new Promise((resolve) => client.onLine((line) => matches(line) && resolve(line)));
}
