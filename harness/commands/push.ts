import { setTimeout as pause } from "node:timers/promises";
import { IncompleteError, InputError } from "../core/errors.ts";
import { redacted } from "../core/secrets.ts";
import { escaped } from "../core/text.ts";
import { counted } from "../core/words.ts";
import { metricFamilies } from "../report/exports/metric-families.ts";
import { renderOtlpJson } from "../report/exports/otlp-json.ts";
import { remoteWriteBodies } from "../report/exports/remote-write.ts";
import type { ReportInput } from "../report/report-input.ts";
import { type PushKind, pushKinds } from "./formats.ts";

/** Where to, as what, and with which Authorization header. */
export interface PushTarget {
  url: URL;
  kind: PushKind;
  authorization: string | null;
}

/** The variable with the Authorization header: neither the command line nor the URL is a place for a secret. */
const authorizationVariable = "TUNEBENCH_PUSH_AUTHORIZATION";

/** A receiver that is overloaded or restarts is asked again after so long: remote write wants that of its senders. */
const againMs = [1000, 3000];
const answerWithinMs = 30_000;

/** Paths that receivers are known by: Prometheus, Mimir, VictoriaMetrics, Thanos; every OTLP receiver. */
const knownPaths: Record<PushKind, RegExp> = {
  "remote-write": /\/(write|api\/v1\/push|api\/v1\/receive)\/?$/,
  otlp: /\/v1\/metrics\/?$/,
};

/** Reads `--push` and `--push-as`; without the second the URL's path says it. Throws InputError, which quotes nothing that may be a secret. */
export function pushTarget(text: string, asked: PushKind | undefined, env: NodeJS.ProcessEnv): PushTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InputError("--push takes a URL of http or https", { hint: "--push http://localhost:9090/api/v1/write" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new InputError("--push takes no user or password in the URL, which others see in the list of processes", {
      hint: `set ${authorizationVariable} to the header's value: Basic dXNlcjpwYXNz, or Bearer TOKEN`,
    });
  }
  const kind = asked ?? pushKinds.find((one) => knownPaths[one].test(url.pathname));
  if (kind !== undefined) return { url, kind, authorization: authorizationOf(env) };
  throw new InputError(`the path of ${shown(url)} does not say what receives there`, {
    hint: `--push-as remote-write, or --push-as otlp; /api/v1/write and /v1/metrics say it themselves`,
  });
}

/** Sends a run's numbers; gives a sentence on what was sent. Throws IncompleteError with what the receiver answered. */
export async function push(input: ReportInput, target: PushTarget): Promise<string> {
  const { url, kind } = target;
  for (const body of bodiesOf[kind](input)) await send(target, body);
  const points = metricFamilies(input).reduce((sum, family) => sum + family.points.length, 0);
  return `pushed ${counted(points, "number")} to ${shown(url)} (${kind})`;
}

const headersOf: Record<PushKind, Record<string, string>> = {
  "remote-write": {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
  },
  otlp: { "content-type": "application/json" },
};

const bodiesOf: Record<PushKind, (input: ReportInput) => (string | Uint8Array)[]> = {
  "remote-write": remoteWriteBodies,
  otlp: (input) => [renderOtlpJson(input)],
};

async function send(target: PushTarget, body: string | Uint8Array): Promise<void> {
  for (const waitMs of [...againMs, null]) {
    const { status, text } = await post(target, body);
    if (status >= 200 && status < 300) return rejectPartial(target, text);
    if (waitMs === null || (status < 500 && status !== 429)) throw refused(target, `HTTP ${status}`, text);
    await pause(waitMs);
  }
}

/** Does not follow a redirect: the header may be a secret, and a POST that was moved loses its body. */
async function post({ url, kind, authorization }: PushTarget, body: string | Uint8Array) {
  const headers = { ...headersOf[kind], ...(authorization === null ? {} : { authorization }) };
  const signal = AbortSignal.timeout(answerWithinMs);
  try {
    const sent = typeof body === "string" ? body : new Uint8Array(body);
    const answer = await fetch(url, { method: "POST", headers, body: sent, signal, redirect: "manual" });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const late = `no answer within ${answerWithinMs / 1000} s`;
    const { cause } = error as Error;
    const words = signal.aborted ? late : (((cause as Error | undefined)?.message || (error as Error).message) ?? "");
    throw new IncompleteError(`can't push to ${shown(url)} (${kind}): ${escaped(words)}`, { cause: error });
  }
}

/** An OTLP receiver may take a part and say so in an answer of success. https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
function rejectPartial(target: PushTarget, text: string): void {
  if (target.kind !== "otlp") return;
  const { partialSuccess } = answerOf(text);
  const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0);
  if (rejected > 0) throw refused(target, `${counted(rejected, "number")} refused`, partialSuccess?.errorMessage ?? "");
}

function answerOf(text: string): { partialSuccess?: { rejectedDataPoints?: string | number; errorMessage?: string } } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function refused({ url, kind, authorization }: PushTarget, what: string, words: string): IncompleteError {
  const told = authorization === null ? words : words.replaceAll(authorization, redacted);
  const line = escaped(told.trim().split("\n")[0] ?? "");
  return new IncompleteError(`${shown(url)} (${kind}) did not take the run: ${what}${line === "" ? "" : `: ${line}`}`, {
    hint: /out of (order|bounds)|too old/i.test(words)
      ? "Prometheus takes what is older than its newest block only with out_of_order_time_window; promtool tsdb create-blocks-from openmetrics reads --format openmetrics"
      : undefined,
  });
}

/** Without the query: it may hold a token. */
function shown({ origin, pathname }: URL): string {
  return escaped(`${origin}${pathname}`);
}

function authorizationOf(env: NodeJS.ProcessEnv): string | null {
  const value = env[authorizationVariable] ?? "";
  if (value === "") return null;
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) return value;
  throw new InputError(`${authorizationVariable} is no header's value`, { hint: "a line such as: Bearer TOKEN" });
}
