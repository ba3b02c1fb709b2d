import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { IncompleteError } from "../../harness/core/errors.ts";
import { toolPath } from "../../harness/testbeds/netns/find-program.ts";
import { places } from "./places.ts";

/**
 * Makes the cluster's keys in its folder: the API server's certificate, which its clients trust as it is; those by which it is known to the
 * kubelet and to etcd; etcd's own; and the key that signs service accounts' tokens. Users are told by tokens.
 */
export async function makeCertificates(folder: string): Promise<void> {
  const names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  const addresses = ["127.0.0.1", places.nodeAddress, places.apiServiceAddress];
  const alternatives = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
  await selfSigned(folder, "api", "/CN=kube-apiserver", ["-addext", `subjectAltName=${alternatives.join(",")}`]);
  await selfSigned(folder, "kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client");
  await selfSigned(folder, "etcd", "/CN=etcd", ["-addext", "subjectAltName=IP:127.0.0.1"]);
  await selfSigned(folder, "etcd-client", "/CN=kube-apiserver-etcd-client");
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  writeFileSync(join(folder, "accounts.key"), privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
  writeFileSync(join(folder, "accounts.pub"), publicKey.export({ type: "spki", format: "pem" }));
}

/** NAME.crt and NAME.key, good for ten years. Node can make keys but no certificates. */
async function selfSigned(folder: string, name: string, subject: string, extra: string[] = []): Promise<void> {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
  const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
  const argv = ["req", "-x509", "-days", "3650", "-subj", subject, ...key, ...files, ...extra];
  const { failed, stderr } = await execa(toolPath("openssl"), argv, { reject: false, stdin: "ignore" });
  if (failed) throw new IncompleteError(`openssl could not make the certificate of ${name}: ${stderr}`);
}
