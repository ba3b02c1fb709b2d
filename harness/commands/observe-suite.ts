import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isLoopback } from "../core/endpoint.ts";
import { InputError } from "../core/errors.ts";
import type { SettingOrigin } from "../observe/observation.ts";
import { secondsOf } from "../observe/observed.ts";
import type { ObservationInput, Seen } from "../observe/seen.ts";
import type { PodSeen, ProgramSeen, ServiceSeen } from "../observe/suite/service.ts";
import { suiteFilesOf } from "../observe/suite/suite-text.ts";
import { trafficOf } from "../observe/suite/traffic.ts";
import { type ListeningSocket, listeningSockets } from "../subjects/listening.ts";
import { holdersOf } from "../subjects/processes.ts";
import { programSeen } from "../subjects/program.ts";
import type { Subject } from "../subjects/subject.ts";
import { imagePattern } from "../suite/schema-kubernetes.ts";
import { standIn } from "./stand-in.ts";
import { fillFolder, libraryFiles, packageWith } from "./suite-folder.ts";

/** A folder for the suite, and what its load asks for. */
export interface SuiteRequest {
  suite?: string;
  path?: string;
}

/** What is looked at, as a suite begins with it. */
export type SuiteSubject =
  | { kind: "program"; subject: Subject; port: number | null; isLocal: boolean }
  | { kind: "pod"; pod: PodSeen; name: string; ports: number[] };

/** A process, or the first of a container's; its port is the one asked for, else the lowest that it listens on. */
export function programSubject(subject: Subject, port: number | null): SuiteSubject {
  const { namespacePid, pids } = subject;
  const all = listeningSockets(namespacePid);
  const isOwn = ({ inode }: ListeningSocket) => holdersOf([inode], pids).holders.length > 0;
  const own = port === null ? all.filter(isOwn) : all.filter((socket) => socket.port === port);
  const chosen = port ?? own.map((socket) => socket.port).sort((a, b) => a - b)[0] ?? null;
  const there = own.filter((socket) => socket.port === chosen);
  const isLocal = there.length > 0 && there.every(({ address }) => isLoopback(address));
  return { kind: "program", subject, port: chosen, isLocal };
}

/** Before the look, so that none is in vain. Throws InputError where the folder has a suite already. */
export function checkSuiteFolder(dir: string): void {
  if (!existsSync(join(dir, "suite.yaml"))) return;
  throw new InputError(`${resolve(dir)} has a suite.yaml already`, { hint: "name another folder: --suite DIR" });
}

/** Writes a suite of what was seen. Throws InputError where a process can't be read, or the folder has such files. */
export function writeSuite(
  { suite: dir = ".", path = "/" }: SuiteRequest,
  from: SuiteSubject,
  input: ObservationInput,
): void {
  const seen = input.seen[0];
  if (seen === undefined) throw new InputError("nothing was seen that a suite could be made of");
  const folder = resolve(dir);
  const files = { ...suiteFilesOf(serviceOf(from, seen, path), standIn), ...libraryFiles(), ...modulePackage(folder) };
  fillFolder(folder, files, "name another folder: --suite DIR");
  process.stderr.write(`a suite of it is in ${folder}: ${Object.keys(files).join(", ")}\n`);
  process.stderr.write(`next: read suite.yaml, then tunebench try ${dir}, and tunebench find ${dir}\n`);
}

/** A package that is there already says itself how its files are read. */
function modulePackage(folder: string): Record<string, string> {
  return existsSync(join(folder, "package.json"))
    ? {}
    : { "package.json": packageWith({ dependencies: {}, devDependencies: {} }) };
}

function serviceOf(from: SuiteSubject, seen: Seen, path: string): ServiceSeen {
  const port = from.kind === "program" ? from.port : (from.ports[0] ?? seenPort(seen));
  const what = from.kind === "program" ? programOf(from) : from.pod;
  return {
    name: from.kind === "pod" ? from.name : nameOf(what.kind === "program" ? what.command : []),
    subject: seen.subject,
    looked: { seconds: secondsOf(seen.samples), others: othersIn(seen) },
    what,
    port,
    isLocal: from.kind === "program" ? from.isLocal : null,
    traffic: trafficOf(seen, port ?? 0),
    // A pod that is made again gets them again: by its own spec, or from its node.
    settings: from.kind === "pod" ? [] : seen.settings.filter(({ origin }) => isFound(origin)),
    path,
  };
}

function programOf({ subject }: SuiteSubject & { kind: "program" }): ProgramSeen {
  const [pid = subject.namespacePid] = subject.pids;
  const { made } = subject;
  const container = made !== null && imagePattern.test(made.image) ? made : null;
  const seen = subject.pids.length === 0 ? null : programSeen(pid, container);
  if (seen !== null) return seen;
  throw new InputError(`what ${subject.name} was started with can't be read`, { hint: "run tunebench as root" });
}

/** /usr/sbin/nginx -> nginx; of what an interpreter runs the script: node server.js -> server.js */
function nameOf([program = "", ...others]: string[]): string {
  const own = basename(program);
  if (!/^(node|bun|deno|python[\d.]*|ruby|php|perl|bash|sh|java)$/.test(own)) return own;
  return basename(others.find((word) => !word.startsWith("-") && /[./]/.test(word)) ?? own);
}

function isFound({ kind }: SettingOrigin): boolean {
  return kind !== "kernel-default" && kind !== "runtime" && kind !== "unknown";
}

function seenPort({ samples }: Seen): number | null {
  const table = samples.findLast((sample) => sample.kind === "table");
  const ports = (table?.listeners ?? []).map(({ port }) => port);
  return ports.length === 0 ? null : Math.min(...ports);
}

function othersIn({ caveats }: Seen): number {
  const found = caveats.find(({ code }) => code === "time-waits-of-namespace");
  return found?.code === "time-waits-of-namespace" ? found.processes : 0;
}
