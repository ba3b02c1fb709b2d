import { CapabilityError, InputError } from "../core/errors.ts";
import { startTicks } from "../core/process-start.ts";
import type { ContainerSeen } from "../observe/suite/service.ts";
import { namespaceOf } from "../sampling/namespace.ts";
import { allPids } from "../sampling/proc.ts";
import { listeningSockets } from "./listening.ts";
import { holdersOf, programOf } from "./processes.ts";

/** What is looked at: processes of this machine, or a namespace of which none can be told. */
export interface Subject {
  /** For people: "nginx (pid 4711)". Untrusted text. */
  name: string;
  /** Any process of the namespace. */
  namespacePid: number;
  /** Those that are meant; their children count as theirs. [] where they can't be told for want of rights. */
  pids: number[];
  /** Of a container: the sysctls that its own configuration asks for. */
  spec: { of: "container"; sysctls: Record<string, string> } | null;
  /** Of a container: what it was made of; null where its image has no name. */
  made: ContainerSeen | null;
  /** Processes of others that could not be looked into, so that whose the socket is is not known. */
  hidden: number;
  /** Other namespaces in which the same port is listened to. */
  alsoIn: number;
}

/** A process by its pid. Throws CapabilityError where there is none. */
export function subjectOfPid(pid: number): Subject {
  if (startTicks(pid) === null)
    throw new CapabilityError(`there is no process ${pid}`, { hint: "ps -e lists those that are there" });
  const name = `${programOf(pid)} (pid ${pid})`;
  return { name, namespacePid: pid, pids: [pid], spec: null, made: null, hidden: 0, alsoIn: 0 };
}

/**
 * Who listens on a TCP port: in our own network namespace, else in the only other one. Throws CapabilityError where nobody does, InputError where
 * it is not clear who is meant.
 */
export function subjectOfPort(port: number): Subject {
  const spaces = [...namespaces().values()].flatMap((pids) => {
    const inodes = listeningSockets(pids[0] ?? 0).flatMap((socket) => (socket.port === port ? [socket.inode] : []));
    return inodes.length === 0 ? [] : [{ pids, inodes }];
  });
  const own = spaces.find(({ pids }) => namespaceOf(pids[0] ?? 0) === namespaceOf("self"));
  const chosen = own ?? spaces[0];
  if (chosen === undefined)
    throw new CapabilityError(`nobody listens on TCP port ${port} of this machine`, {
      hint: "ss -lntp lists who listens",
    });
  if (own === undefined && spaces.length > 1) {
    const pids = spaces.map((space) => whoListens(space).name).join(", ");
    throw new InputError(`${spaces.length} network namespaces have a listener on port ${port}: ${pids}`, {
      hint: "say which one is meant: --pid PID",
    });
  }
  return { ...whoListens(chosen, `, port ${port}`), alsoIn: spaces.length - 1 };
}

function whoListens({ pids, inodes }: { pids: number[]; inodes: string[] }, where = ""): Subject {
  const { holders, hidden } = holdersOf(inodes, pids);
  const [first] = holders;
  const namespacePid = first ?? pids[0] ?? 0;
  const name =
    first === undefined ? `a process that can't be told${where}` : `${programOf(first)} (pid ${first})${where}`;
  return {
    name,
    namespacePid,
    pids: holders,
    spec: null,
    made: null,
    hidden: first === undefined ? hidden : 0,
    alsoIn: 0,
  };
}

/** Every network namespace that a process is in: pids by namespace, our own first, then by the lowest pid. */
export function namespaces(): Map<number, number[]> {
  const byNamespace = new Map<number, number[]>();
  const own = namespaceOf("self");
  if (own !== null) byNamespace.set(own, []);
  for (const pid of allPids()) {
    const namespace = namespaceOf(pid);
    if (namespace === null) continue;
    const pids = byNamespace.get(namespace) ?? [];
    pids.push(pid);
    byNamespace.set(namespace, pids);
  }
  return byNamespace;
}
