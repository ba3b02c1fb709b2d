"""What one worker counts, by windows that begin and end at the same moments for all of them."""

import math
import time

WINDOW_SECONDS = 0.5
# A bucket of base 2^(2^-4) is 4.4% wide, as the finest of k6's.
SCALE = 4
PER_OCTAVE = 2**SCALE

# Metrics without attributes.
BEGUN = ("tunebench_begun", ())
ITERATIONS = ("iterations", ())
LASTED = ("iteration_duration", ())
DROPPED = ("dropped_iterations", ())


class Window:
    """Sums by metric and attributes (of none began is said, too); distributions as [count, sum, min, max, zeros, {bucket: count}]."""

    def __init__(self):
        self.sums = {BEGUN: 0}
        self.times = {}

    def add(self, key, value=1):
        self.sums[key] = self.sums.get(key, 0) + value

    def record(self, key, milliseconds):
        at = self.times.get(key)
        if at is None:
            at = self.times[key] = [0, 0.0, math.inf, 0.0, 0, {}]
        at[0] += 1
        at[1] += milliseconds
        at[2] = min(at[2], milliseconds)
        at[3] = max(at[3], milliseconds)
        if milliseconds > 0:
            bucket = math.ceil(math.log2(milliseconds) * PER_OCTAVE) - 1
            at[5][bucket] = at[5].get(bucket, 0) + 1
        else:
            at[4] += 1

    def lines(self):
        """As they go to the collector."""
        return [[*key, value] for key, value in self.sums.items()], [[*key, *value] for key, value in self.times.items()]


class Counts:
    """The window that is open, and those that are over and not told yet."""

    def __init__(self, origin):
        self.origin = origin
        self.place = self.place_now()
        self.open = Window()
        self.over = []
        # What is known at a window's end only; sets the counts that it finds in it.
        self.at_end = lambda _window: None

    def place_now(self):
        """What comes before the begin counts with the first."""
        return int(max(0.0, time.monotonic() - self.origin) / WINDOW_SECONDS)

    def window(self):
        """The one of this moment."""
        place = self.place_now()
        while place > self.place:
            self.close(self.origin + (self.place + 1) * WINDOW_SECONDS)
        return self.open

    def close(self, end):
        """Ends the open window at a moment."""
        self.at_end(self.open)
        self.over.append((self.place, end, self.open))
        self.open = Window()
        self.place += 1

    def task_begins(self):
        self.window().add(BEGUN)

    def task_ended(self, milliseconds):
        window = self.window()
        window.add(ITERATIONS)
        window.record(LASTED, milliseconds)
