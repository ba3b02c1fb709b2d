import test from "ava";
import { parse } from "yaml";
import { mimeOf, parseMime } from "../../../harness/deliver/mime.ts";
import { mergeUserData } from "../../../harness/deliver/user-data.ts";
import { nodeConfigOf, nodeLevel, rollout, testPool } from "../../helpers/deliveries.ts";

const config = (spec: string) => `apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: ${spec}\n`;
const part = (body: string) => ({ contentType: "application/node.eks.aws", body });
const allowed = (userData: string) => parse(nodeConfigOf(userData) ?? "").spec.kubelet.config.allowedUnsafeSysctls;

test("nothing there: a message with a NodeConfig", (t) => {
  for (const nothing of [null, "", "\n"])
    t.deepEqual(allowed(mergeUserData(nothing, rollout(), "x")), ["net.ipv4.tcp_tw_reuse"]);
});

test("a bare script and a bare NodeConfig become parts, unchanged", (t) => {
  const script = "#!/bin/bash\necho 'a  b'\n";
  const merged = mergeUserData(script, rollout(), "x");
  t.is(parseMime(merged)?.parts[0]?.body, script);
  t.deepEqual(allowed(merged), ["net.ipv4.tcp_tw_reuse"]);
  const bare = mergeUserData(config("{cluster: {name: one}}"), rollout(), "x");
  t.is(parseMime(bare)?.parts.length, 1);
  t.is(parse(nodeConfigOf(bare) ?? "").spec.cluster.name, "one");
});

test("of several NodeConfigs the one whose list would win gets the keys", (t) => {
  const listed = part(config("{kubelet: {config: {allowedUnsafeSysctls: [kernel.sem]}}}"));
  const other = part(config("{cluster: {name: one}}"));
  const merged = parseMime(mergeUserData(mimeOf([listed, other]), testPool(), "x"));
  t.deepEqual(parse(merged?.parts[0]?.body ?? "").spec.kubelet.config.allowedUnsafeSysctls, [
    "kernel.sem",
    "net.core.somaxconn",
    "net.ipv4.tcp_tw_reuse",
  ]);
  t.is(merged?.parts[1]?.body, other.body);
});

test("keys that a prefix allows already are not added; merged again nothing changes", (t) => {
  const there = mimeOf([part(config("{kubelet: {config: {allowedUnsafeSysctls: ['net.*']}}}"))]);
  t.deepEqual(allowed(mergeUserData(there, testPool(), "x")), ["net.*"]);
  const once = mergeUserData(null, nodeLevel(), "x");
  t.is(mergeUserData(once, nodeLevel(), "x"), once);
});

const refused: [string, string, RegExp][] = [
  [
    "the flag that would win",
    mimeOf([part(config("{kubelet: {flags: ['--allowed-unsafe-sysctls=a.b']}}"))]),
    /which would win/,
  ],
  [
    "an encoded part",
    "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n\nYQ==\n--a--\n",
    /base64 encoded/,
  ],
  ["something else in the part", mimeOf([part("kind: Pod\n")]), /is no NodeConfig/],
  ["base64", "TUlNRS1WZXJzaW9uOiAxLjAK", /neither MIME nor a script/],
];

for (const [title, text, message] of refused) {
  test(`user data with ${title} is refused`, (t) => {
    t.throws(() => mergeUserData(text, rollout(), "theirs"), { name: "InputError", message });
  });
}
