/** A scenario as a script writes it: whoever runs it, and how long, is the suite's. */
export interface OwnScenario {
  executor: string;
  exec?: string | null;
  env?: Record<string, string> | null;
  tags?: Record<string, string> | null;
  [key: string]: unknown;
}

/** A script's options as `k6 inspect` prints them: null is what the script does not set. */
export interface OwnOptions {
  scenarios?: Record<string, OwnScenario> | null;
  thresholds?: Record<string, (string | { threshold: string; abortOnFail?: boolean | null })[]> | null;
  noConnectionReuse?: boolean | null;
  setupTimeout?: string | null;
  teardownTimeout?: string | null;
  [key: string]: unknown;
}
