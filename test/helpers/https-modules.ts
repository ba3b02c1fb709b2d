import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** A server of modules, with a certificate of the test's own CA. */
export interface ModuleServer {
  /** Without a slash at the end. */
  url: string;
  /** What was asked of it, in order. */
  asked: string[];
  server: Server;
  /** The CA's file, for NODE_EXTRA_CA_CERTS. */
  ca: string;
}

/** Serves modules by their path until the test's end: a text, or where it is now; its keys lie in the folder. */
export async function serveModules(
  t: ExecutionContext,
  folder: string,
  modules: Record<string, string | { location: string }>,
): Promise<ModuleServer> {
  const { key, cert, ca } = certificates(folder);
  const asked: string[] = [];
  const server = createServer({ key, cert }, ({ url = "" }, response) => {
    asked.push(url);
    const module = modules[url];
    if (typeof module === "object") return response.writeHead(302, { ...module }).end();
    return response.writeHead(module === undefined ? 404 : 200).end(module);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server, ca };
}

function certificates(folder: string): { key: Buffer; cert: Buffer; ca: string } {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test CA", "-days", "2");
  openssl("req", ...newKey, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=127.0.0.1");
  writeFileSync(join(folder, "own.ext"), "subjectAltName=IP:127.0.0.1\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "own.ext"];
  openssl("x509", "-req", "-in", "own.csr", "-out", "own.pem", ...signing);
  const file = (name: string) => readFileSync(join(folder, name));
  return { key: file("own.key"), cert: file("own.pem"), ca: join(folder, "ca.pem") };
}
