/** Aborted when the pod is ended (SIGTERM). Node as a container's first process would not end by itself. */
export function untilTerminated(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
  return ending.signal;
}
