import { codeFile } from "../../core/package-root.ts";
import type { Engine } from "../engine.ts";
import { responseIn } from "../k6/k6-output.ts";
import { receiveRunners } from "../k6/receive-runners.ts";
import { receiveWindows } from "../k6/receive-windows.ts";
import { findLocust } from "./find-locust.ts";
import { complaintIn, isProperEnd, saidIn } from "./locust-output.ts";
import { beyondStopMs, locustProgram } from "./locust-program.ts";
import { locustfileText } from "./read-locustfile.ts";

/** Locust 2: users that wait for their answers before they ask again. Our listener beside the locustfile sends its numbers as k6 sends its own. */
export const locust: Engine = {
  model: "closed",
  find: findLocust,
  bundle: locustfileText,
  bundleName: "load.locustfile.py",
  beside: codeFile("engines/locust/listener"),
  command: locustProgram,
  beyondStopMs,
  receive: receiveWindows,
  receiveShared: receiveRunners,
  complaintIn,
  responseIn,
  saidIn,
  isProperEnd,
};
