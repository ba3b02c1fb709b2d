import type { Load } from "../suite/suite.ts";
import type { Engine } from "./engine.ts";
import { k6 } from "./k6/k6.ts";
import { locust } from "./locust/locust.ts";

/** What makes a suite's load, by the name that its `load.engine` has. */
export const engines: Record<Load["engine"], Engine> = { k6, locust };
