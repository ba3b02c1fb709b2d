import type { Role } from "../results/samples.ts";

/**
 * What would help, as data: what can be tried, delivered or ruled out by a program is no sentence. In the order in which to try them; the
 * words are in report/words/remedies.ts.
 */
export type Remedy = SettingRemedy | ProgramRemedy | NodeRemedy | UpstreamRemedy | LoadRemedy;

/** A sysctl of a role's namespace. cure: it takes the limit away; room: it only puts the limit further off. */
export interface SettingRemedy {
  kind: "setting";
  role: Role;
  key: string;
  value: string;
  gain: "cure" | "room";
}

/** A change to a role's program, or to what its process or container may use. */
export interface ProgramRemedy {
  kind: "program";
  role: Role;
  what: /** What it passes to listen(), up to `to`. */
    | "backlog"
    /** Accept connections as fast as they come. */
    | "accept-rate"
    /** Keep connections open; `towards` names whom to. */
    | "pool"
    /** Bound the number of open connections. */
    | "pool-limit"
    /** More processes or threads. */
    | "workers"
    | "cost-of-a-request"
    | "cpus"
    /** The CPU limit of its cgroup. */
    | "cpu-limit"
    /** Find why it ends. */
    | "end"
    /** RLIMIT_NOFILE, for each of its processes. */
    | "nofile"
    /** Its own limits on connections, by the names that servers have for them. */
    | "max_connections"
    | "worker_connections"
    | "maxconn"
    | "connection-limit"
    /** Its own limit on requests a second. */
    | "limit_req"
    /** The size of its pool of connections. */
    | "pool-size"
    /** What bounds the requests that it serves at once. */
    | "places"
    /** Memory that it may have, or that it needs. */
    | "memory"
    /** Bind without taking a port (IP_BIND_ADDRESS_NO_PORT), or not at all. */
    | "late-bind"
    /** More local addresses to connect from. */
    | "source-addresses"
    /** Read datagrams as fast as they come. */
    | "read-rate"
    /** SO_RCVBUF of its sockets. */
    | "receive-buffer"
    /** Look at its stacks while it stands still. */
    | "stacks"
    /** Only its own log says more. */
    | "log";
  /** The highest value that takes effect; null where there is none to name. */
  to: number | null;
  towards: string | null;
}

/** A change to the machine underneath, which no namespace and no pod has for itself. */
export type NodeRemedy =
  | { kind: "node"; what: "setting"; key: string; value: string }
  /** Leave this traffic out of connection tracking. */
  | { kind: "node"; what: "untracked" }
  /** More addresses or ports behind which connections leave, or none at all. */
  | { kind: "node"; what: "masquerade" }
  /** Software steering: rps_cpus with this mask. */
  | { kind: "node"; what: "receive-steering"; rpsCpus: string; place: Site }
  /** Interrupts and queues of a network card. */
  | { kind: "node"; what: "receive-queues" }
  /** The way between the parts: cables, a shaper, an overloaded link. */
  | { kind: "node"; what: "path" }
  /** What caps what can be sent. */
  | { kind: "node"; what: "bandwidth" }
  /** CPU that others on it have. */
  | { kind: "node"; what: "cpu" };

/** A change to what a role dials; `name` where the suite has one. */
export interface UpstreamRemedy {
  kind: "upstream";
  name: string | null;
  what: "addresses" | /** See that it listens. */ "listening";
}

/** A change to the load generator, or to where it runs. */
export interface LoadRemedy {
  kind: "load";
  /** log: only the generator's own log says more. */
  what: "virtual-users" | "cpus" | "kept-connections" | "log";
  place: Site;
}

/** Where the trial ran: on this machine, or in pods; or that there was none: a live service was looked at. */
export type Site = "here" | "cluster" | "live";

/** A change to a role's program of which no value and no peer is to be named. */
export function program(role: Role, what: ProgramRemedy["what"]): ProgramRemedy {
  return { kind: "program", role, what, to: null, towards: null };
}

/** For answers that take as long as one that waits for nobody: whether more could be served at once shows only with more users. */
export function moreUsers(place: Site): LoadRemedy {
  return { kind: "load", what: "virtual-users", place };
}
