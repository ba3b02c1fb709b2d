import type { Scope } from "../../core/scope.ts";
import type { Container } from "../../suite/schema-container.ts";
import type { Part } from "../../suite/suite.ts";
import type { Holder, HolderProcess } from "./holder.ts";
import type { LaunchedPart } from "./part.ts";

/** What runs images on this machine, docker or podman (testbeds/containers), as the rig uses it: its containers live in namespaces that the rig holds. */
export interface ContainerRuntime {
  /** As records have it. */
  readonly facts: { engine: string; images: Record<string, string> };
  /** Whose user namespace the rig's holders must share; null as root, which owns all. */
  readonly userOf: Pick<Holder, "pid"> | null;
  /** The containers of one trial; what is left of them is removed with the scope. */
  begin(scope: Scope): TrialContainers;
}

/** The containers of one trial. */
export interface TrialContainers {
  /** Makes namespaces for a role; null where the container can join those that the rig makes itself. */
  hold(place: ContainerPlace): HolderProcess | null;
  start(request: ContainerRequest): Promise<ContainerPart>;
}

/** Where a container is to run. */
export interface ContainerPlace {
  role: string;
  container: Container;
  /** Host name -> address, of those that it may dial. */
  hosts: Record<string, string>;
}

/** A container to be started in its holder's namespaces. */
export interface ContainerRequest extends ContainerPlace {
  holder: Holder;
  /** With references filled in; [] = the image's own. */
  command: string[];
  /** All that the suite says. */
  env: Record<string, string>;
  part: Pick<Part, "cpus" | "privileged" | "writable">;
  /** The suite's, from which its files are mounted. */
  folder: string;
  logFile: string;
}

/** A container that runs; its pid is its first process's, as this machine sees it. */
export interface ContainerPart extends LaunchedPart {
  /** Whether a command that is run inside ends with 0. */
  execute(command: string[]): Promise<boolean>;
}
