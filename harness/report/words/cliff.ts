/** Above it nobody calls the rate after a cliff a fall: the latency told of it. Windows that fell are below 0.6 (detect/cliff.ts). */
const likeBefore = 0.9;

/** Whether throughput told of a cliff, or the latency alone, at which as much is answered as before. */
export function isFall({
  beforePerSecond,
  afterPerSecond,
}: {
  beforePerSecond: number;
  afterPerSecond: number;
}): boolean {
  return afterPerSecond < likeBefore * beforePerSecond;
}
