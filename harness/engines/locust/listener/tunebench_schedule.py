"""The load that is asked for, as lines of the rate over time (harness/suite/rate.ts)."""


class Schedule:
    """One worker's share of it. Rates are task executions a second, times seconds from its begin."""

    def __init__(self, order, workers):
        rate = order["startPerSecond"] / workers
        self.lines = []
        begin = due = 0.0
        for stage in order["stages"]:
            to, seconds = stage["toPerSecond"] / workers, stage["ms"] / 1000
            if seconds > 0:
                self.lines.append((begin, seconds, rate, to, due))
                due += (rate + to) / 2 * seconds
                begin += seconds
            rate = to
        self.seconds = begin

    def rate(self, at):
        """A second, at a moment; 0 before its begin, the last one after its end."""
        if at < 0:
            return 0.0
        begin, seconds, from_rate, to_rate, _ = self._line(at)
        return from_rate + (to_rate - from_rate) * min(1, (at - begin) / seconds)

    def due(self, at):
        """Task executions that are asked for until then."""
        if at <= 0:
            return 0.0
        begin, seconds, from_rate, to_rate, before = self._line(at)
        within = min(at - begin, seconds)
        return before + from_rate * within + (to_rate - from_rate) / seconds * within**2 / 2

    def _line(self, at):
        return next((line for line in self.lines if at < line[0] + line[1]), self.lines[-1])
