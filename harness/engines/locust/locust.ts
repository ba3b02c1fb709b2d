import { basename } from "node:path";
import { codeFile } from "../../core/package-root.ts";
import type { Engine, PodForm } from "../engine.ts";
import { responseIn } from "../response-in.ts";
import { receiveRunners } from "../windows/receive-runners.ts";
import { receiveWindows } from "../windows/receive-windows.ts";
import { findLocust } from "./find-locust.ts";
import { complaintIn, isProperEnd, saidIn } from "./locust-output.ts";
import { beyondStopMs, locustProgram } from "./locust-program.ts";
import { locustfileText } from "./read-locustfile.ts";

/** In the image of locustio/locust, whose Dockerfile has the user, or in any other where `python` has a Locust. */
const pod: PodForm = {
  image: "locust",
  program: "python",
  user: 1000,
  version: {
    argv: ["python", "-m", "locust", "--version"],
    accepted: /^locust 2\.(?:[4-9]\d|\d{3,})\./,
    wanted: "Locust 2.40 or newer",
  },
  scriptName: ({ script }) => basename(script),
  worksBesideScript: true,
  headersVariable: "TUNEBENCH_EXPORT_HEADERS",
};

/** Locust 2: users that wait for their answers before they ask again. Our listener beside the locustfile sends its numbers as k6 sends its own. */
export const locust: Engine = {
  name: "locust",
  model: "closed",
  find: findLocust,
  bundle: locustfileText,
  bundleName: "load.locustfile.py",
  beside: codeFile("engines/locust/listener"),
  pod,
  command: locustProgram,
  beyondStopMs,
  receive: receiveWindows,
  receiveShared: receiveRunners,
  complaintIn,
  responseIn,
  saidIn,
  isProperEnd,
};
