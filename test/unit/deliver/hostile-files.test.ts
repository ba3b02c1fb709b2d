/** Whatever --from holds: it is merged with, or refused with words; never a bug, never a key that was not asked for. */
import test from "ava";
import { deliver } from "../../../harness/deliver/deliver.ts";
import { platformNames } from "../../../harness/deliver/platform-names.ts";
import { testPool } from "../../helpers/deliveries.ts";
import { mergesOrRefuses } from "../../helpers/hostile-files.ts";

for (const platform of platformNames) {
  test(`${platform}: any YAML or text`, (t) => mergesOrRefuses(t, platform, 25));
}

const bombs: [string, string][] = [
  [
    "aliases of aliases",
    `a: &a [x, x]\nb: &b [${"*a, ".repeat(60)}]\nc: &c [${"*b, ".repeat(60)}]\nkind: KubeletConfiguration\nd: *c\n`,
  ],
  ["an alias of nothing", "kind: KubeletConfiguration\nallowedUnsafeSysctls: *nothing\n"],
  [
    "an alias across a List",
    "kind: List\nitems:\n  - {kind: Pod, metadata: &m {name: a}}\n  - {kind: KubeletConfiguration, metadata: *m}\n",
  ],
  ["a key twice", "kind: KubeletConfiguration\nkind: Pod\n"],
];

for (const [title, text] of bombs) {
  test(`a file with ${title} is refused`, (t) => {
    t.throws(() => deliver("kubeadm", testPool(), { name: "theirs", text }), {
      name: "InputError",
      message: /^theirs/,
    });
  });
}
