import test from "ava";
import { explainUnshareFailure, type UnshareFacts } from "../../../harness/testbeds/netns/explain-unshare.ts";
import { platformProblem, toolProblem } from "../../../harness/testbeds/netns/privilege.ts";

const plain: UnshareFacts = {
  words: "unshare: unshare failed: Operation not permitted",
  root: false,
  seccomp: 0,
  container: null,
  maxUserNamespaces: 15000,
  unprivilegedUsernsClone: null,
  apparmorRestrictsUserns: null,
};

const cases: { title: string; facts: Partial<UnshareFacts>; detail: RegExp; remedy: RegExp }[] = [
  {
    title: "user namespaces switched off",
    facts: {
      maxUserNamespaces: 0,
      words: "unshare: unshare failed: No space left on device",
      apparmorRestrictsUserns: 1,
    },
    detail: /max_user_namespaces = 0/,
    remedy: /sysctl -w user.max_user_namespaces=15000/,
  },
  {
    title: "Debian's switch",
    facts: { unprivilegedUsernsClone: 0 },
    detail: /unprivileged_userns_clone = 0/,
    remedy: /unprivileged_userns_clone=1/,
  },
  {
    title: "a limit reached",
    facts: { words: "unshare: unshare failed: No space left on device" },
    detail: /limit on namespaces/,
    remedy: /max_net_namespaces/,
  },
  {
    title: "AppArmor refuses the id map",
    facts: { apparmorRestrictsUserns: 1, words: "unshare: write failed /proc/self/uid_map: Operation not permitted" },
    detail: /AppArmor/,
    remedy: /apparmor_restrict_unprivileged_userns=0/,
  },
  {
    title: "a container's seccomp on a machine that has AppArmor's restriction too",
    facts: { apparmorRestrictsUserns: 1, seccomp: 2, container: "Docker" },
    detail: /seccomp profile \(Docker\)/,
    remedy: /--privileged/,
  },
  {
    title: "a container without the capability",
    facts: { container: "Podman", root: true },
    detail: /Podman.*lacks CAP_SYS_ADMIN/,
    remedy: /--privileged/,
  },
  {
    title: "a container's masked /proc",
    facts: { container: "Docker", words: "unshare: mount /proc failed: Operation not permitted" },
    detail: /Docker masks/,
    remedy: /systempaths=unconfined/,
  },
  {
    title: "a filter outside a container",
    facts: { seccomp: 2 },
    detail: /RestrictNamespaces/,
    remedy: /login shell/,
  },
  {
    title: "a kernel without namespaces",
    facts: { words: "unshare: unshare failed: Invalid argument" },
    detail: /CONFIG_NET_NS/,
    remedy: /VM/,
  },
  { title: "nothing known fits", facts: {}, detail: /the kernel refused/, remedy: /as root/ },
];

for (const { title, facts, detail, remedy } of cases) {
  test(title, (t) => {
    const explained = explainUnshareFailure({ ...plain, ...facts });
    t.regex(explained.detail, detail);
    t.regex(explained.remedy, remedy);
    t.true(explained.detail.includes((facts.words ?? plain.words).trim()), "the kernel's words stay");
  });
}

test("other systems are sent to a Linux VM or a cluster", (t) => {
  t.is(platformProblem("linux"), null);
  t.regex(platformProblem("darwin")?.detail ?? "", /macOS/);
  t.regex(platformProblem("win32")?.remedy ?? "", /Linux VM.*--cluster/);
});

test("missing tools are named together", (t) => {
  t.is(toolProblem(["cat"]), null);
  t.regex(toolProblem(["cat", "no-such-tool", "neither-this"])?.detail ?? "", /no-such-tool, neither-this$/);
});
