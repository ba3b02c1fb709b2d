import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import type { StoredRun } from "../../harness/results/read.ts";
import type { TrialRecord } from "../../harness/results/trial.ts";
import type { Load } from "../../harness/suite/suite.ts";
import { treeFile } from "./cli.ts";
import type { ToldAnalysis } from "./told.ts";

/** A scenario's service under one engine, at a rate and a range that either can offer on two CPUs. */
export interface EngineCase {
  scenario: "port-exhaustion" | "keep-alive";
  engine: Load["engine"];
  /** What else the suite says of its load. */
  load?: Record<string, unknown>;
  edit?: (suite: Document) => void;
  /** In place of the scenario's own. */
  locustfile?: string;
}

/** Stands before a scenario's target: what it was asked is a line of its log, `asked N`. */
const countingTarget = `
import { Server } from "node:http";
const { emit } = Server.prototype;
let asked = 0, told = -1;
Server.prototype.emit = function (event, ...rest) {
  if (event === "request") asked += 1;
  return emit.call(this, event, ...rest);
};
setInterval(() => { if (told !== asked) console.log("asked " + (told = asked)); }, 50);
await import("./target.ts");
`;

/** 600 tasks a second in the mean: 125 users for 8 s, who then end by themselves. */
export const endsByItself = `
from locust import FastHttpUser, LoadTestShape, between, task
class Eight(LoadTestShape):
    def tick(self):
        return (125, 125) if self.get_run_time() < 8 else None
class Visitor(FastHttpUser):
    wait_time = between(0.1, 0.3)
    @task
    def page(self):
        self.client.get("/")
`;

/** Writes the case's suite below a folder; its folder. */
export function writeEngineSuite(folder: string, of: EngineCase): string {
  cpSync(treeFile("scenarios/lib"), join(folder, "lib"), { recursive: true });
  const suite = join(folder, "suite");
  mkdirSync(suite, { recursive: true });
  cpSync(treeFile("scenarios", of.scenario), suite, { recursive: true });
  const locustfile = of.locustfile ?? readFileSync(treeFile("scenarios/keep-alive/locustfile.py"), "utf8");
  writeFileSync(join(suite, "locustfile.py"), locustfile);
  writeFileSync(join(suite, "counted.ts"), countingTarget);
  const document = parseDocument(readFileSync(join(suite, "suite.yaml"), "utf8"));
  const script = of.engine === "k6" ? "load.ts" : "locustfile.py";
  document.setIn(["target", "command"], ["node", "counted.ts"]);
  // A look over HTTP would be a request more.
  document.setIn(["target", "ready"], { tcp: true, within: "10s" });
  document.setIn(["target", "kubernetes"], { files: ["counted.ts", "target.ts"] });
  document.setIn(["target", "sysctls"], { "net.ipv4.ip_local_port_range": "32768 36767" });
  document.set("load", { engine: of.engine, script, rate: "600/s", virtualUsers: 200, ...of.load });
  document.set("profiles", {
    baseline: {},
    reuse: { "net.ipv4.tcp_tw_reuse": 1 },
    backlog: { "net.core.somaxconn": 65_535 },
  });
  document.set("stop", { fault: { kind: "EADDRNOTAVAIL", ratio: "1%", windows: 2 }, after: "12s" });
  of.edit?.(document);
  writeFileSync(join(suite, "suite.yaml"), String(document));
  return suite;
}

/** What a run comes to, of what either engine can tell: per profile its outcome, the fault and its side, the ports, what the profile does. */
export function conclusionOf({ folder, trials }: StoredRun) {
  const { effects } = JSON.parse(readFileSync(join(folder, "analysis.json"), "utf8")) as ToldAnalysis;
  // A trial that others disturbed is run again: the last one counts.
  const last = new Map(trials.filter(({ valid }) => valid).map((trial) => [trial.profile, trial]));
  return [...last.values()]
    .map(({ profile, outcome, fault, evidence }) => {
      const ports = evidence.ports.find(({ role }) => role === "target");
      return {
        profile,
        outcome,
        fault: fault === null ? null : `${fault.side} ${fault.kind}`,
        isFull: ports !== undefined && ports.usable === 4000 && ports.peakInUse >= 3990,
        effect: effects.find((effect) => effect.profile === profile)?.effect ?? null,
      };
    })
    .sort((a, b) => a.profile.localeCompare(b.profile));
}

/** What a trial's target said that it was asked. */
export function askedOf({ folder }: StoredRun, { sequence }: TrialRecord): number {
  const [log = ""] = globSync(join(folder, "trials", `${String(sequence).padStart(3, "0")}-*`, "target.log"));
  return Number(
    readFileSync(log, "utf8")
      .match(/asked \d+/g)
      ?.at(-1)
      ?.slice("asked ".length),
  );
}
