import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judgedByDefault, measureOf } from "../../harness/core/measures.ts";
import { type OwnScope, openScope } from "../../harness/core/scope.ts";
import { k6 } from "../../harness/engines/k6/k6.ts";
import { constantRate } from "../../harness/suite/rate.ts";
import type { Part, Profile, Suite } from "../../harness/suite/suite.ts";
import { createNetnsTestbed, type NetnsTestbed } from "../../harness/testbeds/netns/netns.ts";
import type { NetnsTrialBed } from "../../harness/testbeds/netns/trial.ts";
import type { TrialSpec } from "../../harness/testbeds/testbed.ts";

const folder = fileURLToPath(new URL("../fixtures/netns", import.meta.url));

/** A part that echoes over HTTP (test/fixtures/netns/echo.ts), with what a test changes. */
export function echoPart(changes: Partial<Part> = {}): Part {
  return {
    command: ["node", "echo.ts"],
    port: 8080,
    ready: { check: { kind: "tcp" }, withinMs: 20_000 },
    env: {},
    sysctls: {},
    cpus: null,
    privileged: false,
    writable: [],
    rps: null,
    replicas: 1,
    container: null,
    kubernetes: null,
    external: null,
    ...changes,
  };
}

/** A reference of a suite's command or env, as its file has it. */
export function reference(name: string): string {
  return `\${${name}}`;
}

/** A profile that changes nothing, with what a test changes. */
export function profileOf(changes: Partial<Profile> = {}): Profile {
  return {
    name: "baseline",
    sysctls: {},
    generatorSysctls: {},
    upstreamSysctls: {},
    env: {},
    upstreamEnv: {},
    command: null,
    rps: null,
    route: null,
    image: null,
    nodeSelector: {},
    load: null,
    levels: {},
    ...changes,
  };
}

/** A suite of test/fixtures/netns: a target and no upstream, with what a test changes. */
export function suiteOf(changes: Partial<Suite> = {}): Suite {
  return {
    name: "test",
    description: null,
    folder,
    file: join(folder, "suite.yaml"),
    cluster: null,
    route: null,
    compose: null,
    target: echoPart(),
    upstreams: {},
    find: { levers: [] },
    generator: { sysctls: {}, cpus: null },
    load: {
      engine: "k6",
      script: "load.ts",
      pace: false,
      rate: constantRate(1),
      virtualUsers: 1,
      keepConnections: false,
      env: {},
      runners: null,
      scenarios: null,
    },
    script: null,
    imports: {},
    perIteration: null,
    automaticUsers: false,
    faults: [],
    stop: { fault: null, requests: null, afterMs: 1000, latency: null, cliff: null, saturated: null },
    profiles: [profileOf()],
    baseline: "baseline",
    blocks: { min: 1, max: 1 },
    boundMs: null,
    design: "profiles",
    recheckBlocks: 0,
    retries: 0,
    disturbedRetries: 1,
    ignore: [],
    results: null,
    seed: null,
    ipVersion: 4,
    tolerance: 0.05,
    judged: judgedByDefault.map((name) => ({ name, direction: measureOf(name).better, tolerance: 0.05 })),
    experiment: { kind: "fixed", goals: [] },
    ...changes,
  };
}

/** This machine's testbed, with k6 behind it where a test asks for a load. */
export function testbedHere(): Promise<NetnsTestbed> {
  return createNetnsTestbed({ engine: k6, program: null, log: () => {} });
}

/** Closes a scope of a test's. Throws where something could not be undone. */
export async function closed(scope: OwnScope): Promise<void> {
  const left = await scope.close();
  if (left.length > 0) throw new Error(left.join("; "));
}

/** A trial's places with all that a test wants to look at; ended and its folders removed whatever the body does. */
export async function withTrialBed(
  request: Partial<Pick<TrialSpec, "suite" | "profile">>,
  body: (bed: NetnsTrialBed, at: { logFolder: string; scope: OwnScope }) => Promise<void>,
): Promise<void> {
  const logFolder = await mkdtemp(join(tmpdir(), "tunebench-test-logs-"));
  const scope = openScope();
  try {
    const run = await (await testbedHere()).begin("test", scope);
    const profile = profileOf();
    const whole = {
      suite: suiteOf(),
      profile,
      logFolder,
      runFolder: logFolder,
      note: () => {},
      trial: { sequence: 1, block: 1 },
      node: null,
      ...request,
    };
    await body(await run.open(whole, scope), { logFolder, scope });
  } finally {
    await closed(scope);
    await rm(logFolder, { recursive: true, force: true });
  }
}
