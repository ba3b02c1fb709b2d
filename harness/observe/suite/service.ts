import type { Traffic } from "./traffic.ts";

/** A live service as a suite is made of it: what it is, who is behind it, and what it was seen to do. */
export interface ServiceSeen {
  /** For the suite's name: a program's, or a workload's. */
  name: string;
  /** What was looked at, for comments: "pid 4711 (node)", "pod shop/web-7d9f". Of unknown origin. */
  subject: string;
  /** When and how long, for comments. */
  looked: { seconds: number; others: number };
  what: ProgramSeen | PodSeen;
  /** Where the load goes; null where it listens on nothing. */
  port: number | null;
  /** It listens there on loopback alone; null: not seen. */
  isLocal: boolean | null;
  traffic: Traffic;
  /** Settings that are not as the kernel makes them. */
  settings: { key: string; value: string }[];
  /** What the load asks for: "/". */
  path: string;
}

/** A program of this machine. */
export interface ProgramSeen {
  kind: "program";
  /** Its arguments, the program's path first; a program that rewrote them has its path alone. */
  command: string[];
  rewritten: boolean;
  folder: string;
  /** null: not readable. */
  env: Record<string, string> | null;
  /** Variables that whoever looks has with the same value: the machine's or the login's, most likely. */
  shared: string[];
  /** Where it runs in a container of an image that has a name; null: none that is known. */
  container: ContainerSeen | null;
}

/** What a container was made of, as its engine tells it. */
export interface ContainerSeen {
  /** [REGISTRY/]NAME[:TAG][@DIGEST] */
  image: string;
  /** null: the image's own, which is the same. */
  entrypoint: string[] | null;
  command: string[] | null;
  user: string | null;
  /** Where folders of the machine, or volumes, lie inside. */
  mounts: string[];
}

/** A pod of a cluster. */
export interface PodSeen {
  kind: "pod";
  /** YAML of a Pod, secrets left out. */
  manifest: string;
  container: string;
  /** The container's variables that its spec has as text. */
  env: Record<string, string>;
  /** As --cluster named it; null: kubectl's own. */
  cluster: string | null;
}
