import { readFileSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { join } from "node:path";

/** The cluster's API as a pod's own account may use it. */
export interface ClusterAccess {
  /** One call, its answer parsed. Rejects where there is no answer in time, or it is no JSON. */
  call(method: "GET" | "DELETE", path: string, body?: object): Promise<{ status: number; body: unknown }>;
  /** A watch: each event as it comes, until the server ends it or the signal does. Rejects where it breaks off or is refused. */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
}

/** What a watch says. ERROR's object is a Status, such as 410: what was asked for is too old, begin anew. */
export interface WatchEvent {
  type: string;
  object: unknown;
}

/** Where a pod's account is (mounted by the kubelet, which renews the token). */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

const callMs = 5000;

/** By the variables that Kubernetes sets in every container, and the account's files. */
export function inCluster(env: NodeJS.ProcessEnv, folder = accountFolder): ClusterAccess {
  const options = (method: string, signal: AbortSignal): RequestOptions => ({
    method,
    host: env.KUBERNETES_SERVICE_HOST,
    port: env.KUBERNETES_SERVICE_PORT,
    ca: readFileSync(join(folder, "ca.crt")),
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${readFileSync(join(folder, "token"), "utf8").trim()}`,
    },
    agent: false,
    signal,
  });
  return {
    async call(method, path, body) {
      const answer = await send({ ...options(method, AbortSignal.timeout(callMs)), path }, body);
      return { status: answer.statusCode ?? 0, body: JSON.parse(await textOf(answer)) };
    },
    async watch(path, onEvent, signal) {
      const answer = await send({ ...options("GET", signal), path });
      if (answer.statusCode !== 200) throw new Error(`the API answered ${answer.statusCode}: ${await textOf(answer)}`);
      for await (const line of linesOf(answer)) onEvent(JSON.parse(line) as WatchEvent);
    },
  };
}

type Answer = NodeJS.ReadableStream & { statusCode?: number | undefined };

function send(options: RequestOptions, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(options, resolve);
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(answer: Answer): Promise<string> {
  let text = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) text += chunk;
  return text;
}

async function* linesOf(answer: Answer): AsyncGenerator<string> {
  let rest = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
