import type { Engine, PodForm } from "../engine.ts";
import { responseIn } from "../response-in.ts";
import { receiveRunners } from "../windows/receive-runners.ts";
import { receiveWindows } from "../windows/receive-windows.ts";
import { bundleScript } from "./bundle-script.ts";
import { findK6 } from "./find-k6.ts";
import { complaintIn, isProperEnd, saidIn } from "./k6-output.ts";
import { beyondStopMs, k6Program } from "./k6-program.ts";

/** In the image of grafana/k6, whose Dockerfile has the user. */
const pod: PodForm = {
  image: "k6",
  program: "k6",
  user: 12345,
  version: { argv: ["k6", "version"], accepted: /\bv2\.\d+\.\d+/, wanted: "k6 v2" },
  scriptName: () => "load.js",
  worksBesideScript: false,
  headersVariable: "K6_OTEL_HEADERS",
};

/** k6 v2: iterations begin by the clock (k6-options.ts), numbers come as OTLP. */
export const k6: Engine = {
  name: "k6",
  model: "open",
  find: findK6,
  bundle: bundleScript,
  bundleName: "load.bundle.js",
  beside: null,
  pod,
  command: k6Program,
  beyondStopMs,
  receive: receiveWindows,
  receiveShared: receiveRunners,
  complaintIn,
  responseIn,
  saidIn,
  isProperEnd,
};
