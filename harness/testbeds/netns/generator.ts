import type { Engine, FoundProgram } from "../../engines/engine.ts";

/** What makes the load on this machine. */
export interface Generator {
  engine: Engine;
  found: FoundProgram;
}
