/** Another process's clock, told on this one's. Both count ms by performance.now(), from different moments. */
export interface RemoteClock {
  /** A line that was written at `writerMs` there was read at `arrivalMs` here. */
  see(writerMs: number, arrivalMs: number): void;
  /** When something happened there, on the clock here. NaN before the first line. */
  at(writerMs: number): number;
}

/**
 * Both clocks by the line that came soonest: no line arrives before it is written, so the least difference seen is the nearest to the
 * true one, and is off by what the quickest line took on its way. Lines that came late, or again, change nothing.
 */
export function createClock(): RemoteClock {
  let leastMs = Number.NaN;
  return {
    see(writerMs, arrivalMs) {
      const differenceMs = arrivalMs - writerMs;
      if (!(differenceMs >= leastMs)) leastMs = differenceMs;
    },
    at: (writerMs) => writerMs + leastMs,
  };
}
