/** What is known of a kernel setting. Each record says where it is from; what is not known for certain is null. */

/** Where the listing puts a setting. */
export const areas = {
  queues: "Queues of a listener",
  ports: "Local ports and TIME_WAIT",
  tcp: "TCP connections",
  memory: "Buffers and memory",
  node: "The node's own: packets, neighbours, connection tracking",
  ipc: "Shared memory, semaphores, message queues",
  machine: "The whole machine: what a kubelet and a rootless run want",
} as const;
export type Area = keyof typeof areas;

/** Whose a value is. */
export type SettingScope =
  | {
      kind: "private";
      namespace: "network" | "ipc";
      /** The first kernel in which each namespace has its own value: "4.6"; null = not known here. */
      sinceKernel: string | null;
      /** What a new namespace begins with: the kernel's default, or a copy of the machine's value; null = not known here. */
      starts: "default" | "copy" | null;
      /** Before this kernel it is hidden in a namespace of a user namespace, so that a rootless run can't set it; null: never. */
      rootlessSinceKernel: string | null;
    }
  | {
      kind: "machine";
      /** How a new namespace shows it. writable: whoever writes it there as root changes the whole machine. */
      inside: "absent" | "read-only" | "writable";
      /** What of the machine it governs, as a part of a sentence: "each CPU's receive loop, which all namespaces share". */
      governs: string;
    };

/** The moment at which the kernel reads a value: what has passed it keeps the value that it found. */
export type ReadMoment = "listen" | "connect" | "bind" | "socket" | "handshake" | "close" | "always";

/** A sysctl. Texts are whole sentences unless said otherwise; `code` stands in backticks. */
export interface Setting {
  /** Dotted: net.core.somaxconn. */
  key: string;
  area: Area;
  /** A part of a sentence, for one line of a list. */
  summary: string;
  /** What it bounds or switches. */
  bounds: string[];
  /** The newest first; [] where it isn't known here. `when`: since or before which kernel, or on what it depends; "" = always. */
  defaults: { value: string; when: string }[];
  read: { moment: ReadMoment; meaning: string } | null;
  scope: SettingScope;
  /** Kubernetes 1.`sinceMinor` counts it as safe (0: always has), on nodes with at least that kernel (null: any); null: never. */
  safe: { sinceMinor: number; kernel: string | null } | null;
  worthTrying: { value: string; why: string }[];
  /** What docker (since 20.10), podman and containerd (since 2.0, or as k3s and kind configure it) give a container with a network of its own, unasked. */
  givenByRuntimes?: string;
  /** What whoever is told to set it has to know, as a clause without a full stop. */
  advice?: string;
  traps: string[];
  /** What to watch where it was changed: one sentence, and the counters of /proc/net/netstat in it; null where nothing of its own shows it. */
  watch: { text: string; netstat: string[] } | null;
  /** Documents and files of the kernel's or Kubernetes' sources. */
  sources: string[];
  /** Its value stands in the record of every trial, whatever a profile asks for. */
  isRecorded?: true;
  /** One that people reach for: `doctor --cluster` tells of it unasked. */
  isUsual?: true;
  /** What a trial's namespaces on this machine get unless a suite asks otherwise: the kernel's default follows the memory. */
  pinned?: string;
  /** A key whose words are the only values that may be written: any other reaches beyond the namespace. */
  valuesIn?: string;
  /** `find` tries it unasked, at the first value that is worth trying: one that is enough, so that it binds no more, and never a number to tune. */
  isCatalogued?: true;
  /** `find` never tries it. fake-win: it looks like a cure and breaks something unseen. masking: it hides what binds, or turns waiting into errors. */
  neverTried?: "fake-win" | "masking";
  /** What a kubelet with --protect-kernel-defaults demands of its machine. */
  kubeletDemands?: string;
}

/** Settings of one kind that differ by the name of an interface, a protocol or a state. */
export interface Family {
  /** Keys, with * for letters other than dots: net.ipv4.conf.*.*. */
  patterns: string[];
  summary: string;
  scope: SettingScope;
  sources: string[];
}

/** Private to each network namespace; a new one begins with the kernel's default. */
export function perNetwork(sinceKernel: string | null, starts: "default" | "copy" | null = "default"): SettingScope {
  return { kind: "private", namespace: "network", sinceKernel, starts, rootlessSinceKernel: null };
}

/** As perNetwork, of net.core: all of it was hidden from user namespaces before Linux 6.3. */
export function perNetworkCore(sinceKernel: string | null): SettingScope {
  return { kind: "private", namespace: "network", sinceKernel, starts: "default", rootlessSinceKernel: "6.3" };
}

/** Private to each IPC namespace. */
export const perIpc: SettingScope = {
  kind: "private",
  namespace: "ipc",
  sinceKernel: null,
  starts: "default",
  rootlessSinceKernel: null,
};

/** One for the whole machine. */
export function ofMachine(inside: "absent" | "read-only" | "writable", governs: string): SettingScope {
  return { kind: "machine", inside, governs };
}

/** Documents that many records are from. */
export const ipSysctl = "Documentation/networking/ip-sysctl.rst";
export const netSysctl = "Documentation/admin-guide/sysctl/net.rst";
export const conntrackSysctl = "Documentation/networking/nf_conntrack-sysctl.rst";
export const vmSysctl = "Documentation/admin-guide/sysctl/vm.rst";
export const kernelSysctl = "Documentation/admin-guide/sysctl/kernel.rst";
export const safeList = "Kubernetes: pkg/kubelet/sysctl/safe_sysctls.go";
export const kubeletTunables = "Kubernetes: pkg/kubelet/cm/container_manager_linux.go (setupKernelTunables)";
export const ipcNamespaces = "ipc_namespaces(7)";
