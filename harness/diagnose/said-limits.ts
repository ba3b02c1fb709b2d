import type { EvidenceOf } from "./evidence.ts";
import type { ProgramRemedy, Remedy } from "./remedy.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { limitingUpstream, roleOfSaid, saidFault } from "./said.ts";

/** At this share of its limit a process' descriptors are as good as used up: they are counted once a second. */
const nearLimit = 0.9;

/** No descriptor was left: open(), socket() or accept() gave EMFILE. How many may be open is RLIMIT_NOFILE. */
export const openFiles = rule("open-files", ["load", "logged"], (seen) => {
  const said = saidFault(seen, ["EMFILE"]);
  if (said === null) return null;
  const role = roleOfSaid(said);
  const { openFiles: open = null, openFilesLimit: limit = null } = seen.processes?.[role] ?? {};
  const confirmed = open !== null && limit !== null && open >= nearLimit * limit;
  return {
    side: sideOf(role),
    role,
    limit: open === null || limit === null ? null : { used: open, of: limit, unit: "descriptors" },
    strength: confirmed ? Math.max(said.strength, 0.75) : said.strength,
    evidence: [said.evidence, ...(limit === null ? [] : [{ kind: "descriptors", role, open, limit } as const])],
    remedies: [program(role, "nofile")],
  };
});

/** A server took no further connection: its own limit on how many there may be. */
export const connectionLimit = rule("connection-limit", ["load", "logged"], (seen) => {
  const workers = saidFault(seen, ["WORKER_CONNECTIONS"]) ?? saidFault(seen, ["QUEUE_TIMEOUT"]);
  const said = workers ?? saidFault(seen, ["TOO_MANY_CONNECTIONS"]);
  if (said === null) return null;
  // Who is full says it to whom it turns away, and that one writes it down.
  const role = workers === null ? (limitingUpstream(seen) ?? roleOfSaid(said)) : roleOfSaid(said);
  const what = workers === null ? "max_connections" : whatOf(workers.evidence.fault);
  const connections = seen.connections?.filter(({ destination }) => destination.name === role) ?? [];
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: said.strength,
    evidence: [said.evidence, ...connections.slice(0, 1).map(openEvidence)],
    remedies: [program(role, what), ...(workers === null ? [poolTowards(role)] : [])],
  };
});

function whatOf(fault: string): ProgramRemedy["what"] {
  return fault === "QUEUE_TIMEOUT" ? "maxconn" : "worker_connections";
}

/** A service turned requests away on purpose, for there were more a second than it allows. */
export const rateLimit = rule("rate-limit", ["load", "logged"], (seen) => {
  const said = saidFault(seen, ["RATE_LIMITED"]);
  const status = seen.load.faults.find(({ kind, side }) => kind === "HTTP 429" && side !== "generator");
  if (said === null && (status === undefined || status.count < 0.01 * seen.load.requests)) return null;
  const role = said === null ? "target" : roleOfSaid(said);
  const evidence: EvidenceOf<"said"> = said?.evidence ?? {
    ...{ kind: "said", fault: "HTTP 429", requests: status?.count ?? null, seenIn: "responses" },
    ...{ role: null, times: null, line: null },
  };
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: said?.strength ?? 1,
    evidence: [evidence, ...(seen.demand === null ? [] : [{ kind: "demand", ...seen.demand } as const])],
    remedies: [program(role, "limit_req")],
  };
});

/** The program's own pool of connections had none to give within its time. */
export const poolExhausted = rule("pool-exhausted", ["load", "logged"], (seen) => {
  const said = saidFault(seen, ["POOL_EXHAUSTED"]);
  if (said === null) return null;
  const role = roleOfSaid(said);
  const connections = seen.connections?.filter((one) => one.role === role) ?? [];
  return {
    side: sideOf(role),
    role,
    limit: null,
    strength: said.strength,
    evidence: [said.evidence, ...connections.slice(0, 1).map(openEvidence)],
    remedies: [program(role, "pool-size"), program(role, "cost-of-a-request")],
  };
});

function openEvidence(
  connections: Omit<EvidenceOf<"connections">, "kind" | "upstreamCores">,
): EvidenceOf<"connections"> {
  return { kind: "connections", ...connections, upstreamCores: null };
}

function poolTowards(name: string): Remedy {
  return { ...program("target", "pool-limit"), towards: name } satisfies ProgramRemedy;
}
