/** What is known of a machine on which no namespace could be made; null = this kernel has no such thing, or it can't be read. */
export interface UnshareFacts {
  /** unshare's message. */
  words: string;
  root: boolean;
  /** Seccomp mode from /proc/self/status: 2 = a filter. */
  seccomp: number | null;
  /** docker, podman, kubernetes ...: how the container is known, null outside one. */
  container: string | null;
  /** user.max_user_namespaces */
  maxUserNamespaces: number | null;
  /** kernel.unprivileged_userns_clone (Debian's and Arch's patch) */
  unprivilegedUsernsClone: number | null;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and newer) */
  apparmorRestrictsUserns: number | null;
}

/** A reason in a sentence, and the command or choice that helps. */
export interface Explanation {
  detail: string;
  remedy: string;
}

const asRoot = "or run tunebench as root";

/** Tells apart why the kernel refused namespaces. Pure; the first cause that fits the facts is named. */
export function explainUnshareFailure(facts: UnshareFacts): Explanation {
  const cause = causes.find((candidate) => candidate.fits(facts));
  const told = `no network namespace can be made: ${cause?.reason(facts) ?? "the kernel refused"}`;
  const words = facts.words.trim() === "" ? "" : ` (${facts.words.trim()})`;
  return { detail: told + words, remedy: cause?.remedy(facts) ?? `run tunebench as root on the machine itself` };
}

interface Cause {
  fits: (facts: UnshareFacts) => boolean;
  reason: (facts: UnshareFacts) => string;
  remedy: (facts: UnshareFacts) => string;
}

/** From the most certain sign to the least: a setting at 0 decides; the words decide; then where we are. */
const causes: Cause[] = [
  {
    fits: (facts) => facts.maxUserNamespaces === 0,
    reason: () => "user namespaces are switched off (user.max_user_namespaces = 0)",
    remedy: () => `sudo sysctl -w user.max_user_namespaces=15000, ${asRoot}`,
  },
  {
    fits: (facts) => facts.unprivilegedUsernsClone === 0 && !facts.root,
    reason: () => "ordinary users may not make user namespaces (kernel.unprivileged_userns_clone = 0)",
    remedy: () => `sudo sysctl -w kernel.unprivileged_userns_clone=1, ${asRoot}`,
  },
  {
    fits: (facts) => /No space left/.test(facts.words),
    reason: () =>
      "a limit on namespaces is reached (user.max_user_namespaces, user.max_net_namespaces, or 32 levels deep)",
    remedy: () => "sudo sysctl -w user.max_user_namespaces=15000 user.max_net_namespaces=15000",
  },
  {
    fits: (facts) => /mount \/proc failed/.test(facts.words),
    reason: (facts) => `a fresh /proc may not be mounted, since ${facts.container ?? "a container"} masks parts of it`,
    remedy: () => `start the container with --security-opt systempaths=unconfined or --privileged`,
  },
  {
    fits: (facts) => facts.apparmorRestrictsUserns === 1 && !facts.root && !isFiltered(facts),
    reason: () =>
      "AppArmor takes all privilege from user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1, Ubuntu's default)",
    remedy: () => `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, ${asRoot}`,
  },
  {
    fits: (facts) => facts.container !== null && /not permitted|Permission denied/.test(facts.words),
    reason: (facts) =>
      facts.seccomp === 2
        ? `the container's seccomp profile (${facts.container}) forbids it`
        : `the container (${facts.container}) lacks CAP_SYS_ADMIN`,
    remedy: () =>
      "start the container with --privileged, or with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined",
  },
  {
    fits: (facts) => facts.seccomp === 2 && /not permitted/.test(facts.words),
    reason: () =>
      "a seccomp filter of whatever started tunebench forbids it (a systemd unit with RestrictNamespaces=, a sandbox)",
    remedy: () => "start tunebench from a plain login shell, or take RestrictNamespaces= from the unit",
  },
  {
    fits: (facts) => /Invalid argument|not implemented/.test(facts.words),
    reason: () => "this kernel was built without the namespaces needed (CONFIG_NET_NS, CONFIG_PID_NS, CONFIG_USER_NS)",
    remedy: () => "use a distribution's stock kernel, a Linux VM, or --cluster",
  },
];

/** AppArmor lets unshare pass and then refuses the id map; where unshare itself failed under a filter, the filter did it. */
function isFiltered(facts: UnshareFacts): boolean {
  return facts.seccomp === 2 && !/uid_map|gid_map|setgroups/.test(facts.words);
}
