import { spawn } from "node:child_process";
import { Server } from "node:net";
import { IncompleteError } from "../../core/errors.ts";
import { programFile } from "../../core/package-root.ts";
import { enterArgv } from "./enter.ts";
import { assertPrivate, type Holder } from "./holder.ts";

/**
 * A server that listens on 127.0.0.1:port inside the holder's namespace, its handle in this process: a child enters, listens,
 * passes the handle over IPC and ends. The socket keeps the namespace alive until it is closed.
 */
export function listenInside(holder: Holder, port: number, nodePath: string): Promise<Server> {
  assertPrivate(holder);
  const [command = "nsenter", ...inside] = enterArgv(holder);
  const child = spawn(command, [...inside, nodePath, programFile("testbeds/netns/listen-child"), String(port)], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {},
  });
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new IncompleteError(`no listener on port ${port} in the namespace of ${holder.role}: ${why}`));
    child.once("error", (error) => fail(error.message));
    child.once("close", () => fail(words.trim() || "the child ended without one"));
    child.once("message", (message, handle) => {
      if (handle instanceof Server) return resolve(handle);
      fail(typeof message === "string" ? message : "the child passed no handle");
    });
  });
}
