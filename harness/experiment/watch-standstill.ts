import { uptime } from "node:os";

const lookEveryMs = 100;

/** Less is nothing that windows of half a second and samples of every second do not bear. */
const shortestMs = 1000;

/**
 * Tells each time that this process did not run for over a second: it was stopped, it had no CPU, or the machine slept. `lastedMs` is by the
 * machine's uptime, which counts a sleep (CLOCK_BOOTTIME, proc_uptime(5), in hundredths of a second), `fromMs` by performance.now(), which does not.
 */
export function watchStandstill(onStandstill: (standstill: { fromMs: number; lastedMs: number }) => void): {
  end(): void;
} {
  let [fromMs, upMs] = [performance.now(), uptime() * 1000];
  const looks = setInterval(() => {
    const before = { fromMs, upMs };
    [fromMs, upMs] = [performance.now(), uptime() * 1000];
    const lastedMs = upMs - before.upMs;
    if (lastedMs > shortestMs) onStandstill({ fromMs: before.fromMs, lastedMs });
  }, lookEveryMs);
  return { end: () => clearInterval(looks) };
}
