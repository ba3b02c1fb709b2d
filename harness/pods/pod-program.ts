/** Aborted when the pod is ended (SIGTERM). Node as a container's first process would not end by itself. */
export function untilTerminated(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
  return ending.signal;
}

/** A variable that a program inside a pod is given. Throws Error where it is not there. */
export function setting(env: NodeJS.ProcessEnv, name: string): string {
  const text = env[name];
  if (text === undefined) throw new Error(`${name} is not set`);
  return text;
}

/** What a program inside a pod is told: JSON in a variable of its environment. Throws Error where it is not there. */
export function jsonSetting<T>(env: NodeJS.ProcessEnv, name: string): T {
  return JSON.parse(setting(env, name)) as T;
}
