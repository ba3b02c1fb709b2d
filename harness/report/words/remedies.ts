import { formatCount } from "../../core/numbers.ts";
import { sentenceCase } from "../../core/words.ts";
import type {
  LoadRemedy,
  NodeRemedy,
  ProgramRemedy,
  Remedy,
  SettingRemedy,
  UpstreamRemedy,
} from "../../diagnose/remedy.ts";
import { settingOf } from "../../knowledge/settings.ts";
import { roleWords } from "./roles.ts";

/** What would help, the first to try first: a sentence for each, which may go on from the one before. */
export function remedyWords(remedies: readonly Remedy[]): string {
  return remedies.map((remedy, index) => sentenceOf(remedy, remedies[index - 1]?.kind)).join(" ");
}

function sentenceOf(remedy: Remedy, before: Remedy["kind"] | undefined): string {
  switch (remedy.kind) {
    case "setting":
      return settingWords(remedy, before === "program");
    case "program":
      return programWords(remedy, before);
    case "node":
      return nodeWords(remedy);
    case "upstream":
      return upstreamWords(remedy);
    case "load":
      return loadWords(remedy);
  }
}

/** One that comes after a change to the program is for where that can't be had. */
function settingWords({ role, key, value, gain }: SettingRemedy, isSecondChoice: boolean): string {
  if (key === "net.ipv4.ip_local_reserved_ports")
    return `Give ports of the range back: fewer in ${key} of ${roleWords(role)}'s namespace.`;
  const setting = assignment(key, value);
  const { advice, read } = settingOf(key) ?? {};
  const noted = advice === undefined ? "" : ` (${advice})`;
  if (read?.moment === "listen") {
    return `Set ${setting} in ${roleWords(role)}'s namespace before the program starts (it is read at listen()).`;
  }
  if (gain === "room") {
    const place = role === "target" ? "" : ` in ${roleWords(role)}'s namespace`;
    return `${setting}${place} only moves the wall${advice === undefined ? "" : `; ${advice}`}.`;
  }
  return isSecondChoice
    ? `Where the program can't change: ${setting} in its namespace${noted}.`
    : `Set ${setting} in ${roleWords(role)}'s namespace${noted}.`;
}

/** As it is written: net.core.somaxconn=65535, with quotes where a blank is in the value. */
function assignment(key: string, value: string): string {
  return `${key}=${value.includes(" ") ? JSON.stringify(value) : value}`;
}

function programWords({ role, what, to, towards }: ProgramRemedy, before: Remedy["kind"] | undefined): string {
  switch (what) {
    case "backlog":
      return backlogWords(to, before === "setting");
    case "accept-rate":
      return "A longer queue carries bursts; a program that is slower than its load for good must accept faster.";
    case "pool":
      return `Keep connections to ${towards ?? "the destination"} open (a pool): that removes the cause.`;
    case "pool-limit":
      if (towards !== null)
        return `Or bound the connections of ${roleWords(role)} to ${towards} (a pool with a limit).`;
      return (
        "Most of these connections are open, not in TIME_WAIT: bound the number of connections (a pool with a limit). " +
        "tcp_tw_reuse frees no open connection."
      );
    case "workers":
      return "Run more than one process or thread (Node: cluster or several instances).";
    case "cost-of-a-request":
      return "Or make a request cheaper (profile it): a kernel setting only matters for what the kernel spends.";
    case "cpus":
      return `Give ${roleWords(role)} more CPUs.`;
    case "cpu-limit":
      return `Raise or remove the CPU limit of ${roleWords(role)} (cpu.max; limits.cpu in Kubernetes) and measure again: no sysctl gives this time back.`;
    case "nofile":
      return `Raise RLIMIT_NOFILE of ${roleWords(role)} (ulimit -n; systemd LimitNOFILE; nginx worker_rlimit_nofile), and see that it closes what it opens.`;
    case "max_connections":
      return `Raise the number of connections that ${roleWords(role)} takes (max_connections in MySQL, MariaDB and PostgreSQL; maxclients in Redis).`;
    case "worker_connections":
      return "Raise worker_connections in nginx's events block: a proxied request takes two.";
    case "maxconn":
      return "Raise maxconn of the server in HAProxy's backend, as far as it takes the connections.";
    case "connection-limit":
      return `Raise the number of connections that ${roleWords(role)} serves at a time (HAProxy maxconn, threads of each worker).`;
    case "limit_req":
      return `Raise the rate limit of ${roleWords(role)} (nginx limit_req, limit_conn), or keep it: then this is the rate that it is meant for.`;
    case "pool-size":
      return "Enlarge its pool of connections, as far as its upstream takes them, or hold a connection for a shorter time.";
    case "places":
      return `Raise what bounds the requests that ${roleWords(role)} serves at a time: a pool, a semaphore, its workers or threads; a lock has to be held for a shorter time.`;
    case "memory":
      return `Give ${roleWords(role)} more memory (memory.max; limits.memory in Kubernetes; ulimit -v), or find what keeps it.`;
    case "late-bind":
      return (
        "Leave the port to connect(): set IP_BIND_ADDRESS_NO_PORT before bind(), or do not bind (nginx does it itself since 1.11.4; " +
        "HAProxy: no port range in `source`). tcp_tw_reuse does nothing here."
      );
    case "source-addresses":
      return "Or connect from more local addresses: each has the whole range.";
    case "read-rate":
      return `${sentenceCase(roleWords(role))} must read its datagrams faster (more readers, SO_REUSEPORT).`;
    case "receive-buffer":
      return "A larger SO_RCVBUF carries bursts (the machine's net.core.rmem_max bounds it).";
    case "stacks":
      return "Look at its stacks while it stands still (gdb, jstack, py-spy dump, SIGQUIT to a Go program): a deadlock, or a wait for something that never comes.";
    case "log":
      return "Its log in the trial's folder says more.";
    case "end":
      return (
        "Read its log in the trial's folder: no setting can be judged while a part ends. Out of memory, file descriptors " +
        "(ulimit -n) and an unhandled error are the usual causes."
      );
  }
}

/** `bindsNext`: once the setting before it is raised. null: which of the two limits is the smaller one is not known. */
function backlogWords(to: number | null, bindsNext: boolean): string {
  const where = "(nginx: listen ... backlog=N; Node: server.listen({backlog: N}))";
  if (to === null) {
    return "Compare Send-Q of `ss -lnt` (the effective limit) with net.core.somaxconn, and raise the smaller one.";
  }
  return bindsNext
    ? `The program's own backlog (511 in Node and nginx) binds next: pass as much to listen() ${where}.`
    : `Pass a larger backlog to listen() ${where}, up to somaxconn (${formatCount(to)}).`;
}

function nodeWords(remedy: NodeRemedy): string {
  switch (remedy.what) {
    case "setting": {
      const advice = settingOf(remedy.key)?.advice;
      return `Set ${assignment(remedy.key, remedy.value)} on the node${advice === undefined ? "" : ` (${advice})`}.`;
    }
    case "masquerade":
      return "Or give what masquerades (the node, a NAT gateway) more addresses, let it take ports at random over its whole range (iptables --random-fully), and leave destinations out of it that can be reached without.";
    case "untracked":
      return "Or leave this traffic untracked (NOTRACK).";
    case "receive-steering": {
      const { rpsCpus, place } = remedy;
      const where =
        place === "here" ? `here the profile key rps: "${rpsCpus}"` : "on the node itself: no pod can do it";
      return `Spread it: echo ${rpsCpus} > /sys/class/net/DEV/queues/rx-0/rps_cpus (software steering; ${where}).`;
    }
    case "path":
      return "No setting of the target cures it: look at the way between the parts (a shaper, a firewall, a full link, a bad cable).";
    case "bandwidth":
      return "No setting of the target cures it: raise the cap (a shaper, a cloud's limit for this size of machine), or send less (compression, smaller answers).";
    case "cpu":
      return "Give it CPU that others don't use (a quieter machine; in Kubernetes requests, or a node of its own), and measure again.";
    case "receive-queues":
      return (
        "On a network card with several queues: irqbalance, or smp_affinity of each queue's interrupt, " +
        "or more queues (ethtool -L DEV combined N). No sysctl of the target changes this."
      );
  }
}

function upstreamWords({ name, what }: UpstreamRemedy): string {
  switch (what) {
    case "listening":
      return `See that ${name ?? "the upstream"} listens and lives: its log says why not.`;
    case "addresses":
      return `Or give ${name ?? "the destination"} more addresses: each has the whole range of ports.`;
  }
}

function loadWords({ what, place }: LoadRemedy): string {
  switch (what) {
    case "virtual-users":
      return "Give the generator more virtual users.";
    case "cpus":
      return place === "here"
        ? "Give the generator CPUs of its own, or another machine."
        : "Give the generator more pods (load.runners), or nodes beside the target's own.";
    case "kept-connections":
      return "Keep the generator's connections open: its own ports ran out.";
    case "log":
      return "Read the generator's log (k6.log, locust.log) in the trial's folder: it says what the generator ran out of.";
  }
}
