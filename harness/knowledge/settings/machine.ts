import { kernelSysctl, kubeletTunables, ofMachine, type Setting, type SettingScope, vmSysctl } from "../setting.ts";

const wholeMachine: SettingScope = ofMachine("writable", "one value for all");

/** [key, what it is, what a kubelet demands, document] */
const demanded: [key: string, summary: string, value: string, source: string][] = [
  ["vm.overcommit_memory", "promise memory that is not there", "1", vmSysctl],
  ["vm.panic_on_oom", "stop when memory runs out", "0", vmSysctl],
  ["kernel.panic", "time from a panic to a new start, s", "10", kernelSysctl],
  ["kernel.panic_on_oops", "a fault of the kernel is a panic", "1", kernelSysctl],
  ["kernel.keys.root_maxkeys", "keys that root may have", "1000000", "Documentation/security/keys/core.rst"],
  ["kernel.keys.root_maxbytes", "bytes of root's keys", "25000000", "Documentation/security/keys/core.rst"],
];

/** [key, what it is, document] of what decides whether an ordinary user may make namespaces. */
const rootless: [key: string, summary: string, source: string][] = [
  ["kernel.unprivileged_userns_clone", "user namespaces for ordinary users", "a patch of Debian's and Arch's kernels"],
  ["kernel.apparmor_restrict_unprivileged_userns", "AppArmor restricts them (Ubuntu)", "Ubuntu 23.10 and newer"],
];

/** What tunebench reads, and never writes. */
export const machineSettings: Setting[] = [
  ...demanded.map(([key, summary, kubeletDemands, source]) => ({
    ...ofTheMachine(key, summary, [source, kubeletTunables]),
    kubeletDemands,
    traps: [
      `A kubelet with --protect-kernel-defaults refuses to start where it is not ${kubeletDemands}; without the option it sets it itself.`,
    ],
  })),
  ...rootless.map(([key, summary, source]) => ({
    ...ofTheMachine(key, summary, [source]),
    traps: ["Without it tunebench runs as root; `tunebench doctor` says whether it stands in the way."],
  })),
];

function ofTheMachine(key: string, summary: string, sources: string[]): Setting {
  return {
    key,
    area: "machine",
    summary,
    bounds: [],
    defaults: [],
    read: null,
    scope: wholeMachine,
    safe: null,
    worthTrying: [],
    traps: [],
    watch: null,
    sources,
  };
}
