"""How many users make the rate that is asked for, and what of it they could not make."""

import time

# A first task is taken to last for so long: the next tick knows better.
FIRST_TASK_SECONDS = 0.01
# What is behind, or ahead, is made up for within so long; by half of the rate at most.
CATCH_UP_SECONDS = 2
# A change by less is none: users that come and go open and close connections.
STEADY_SHARE = 0.05
# Locust's own grain: its shape is asked once a second.
LATE_SECONDS = 1
LONGEST_SPREAD_SECONDS = 60
# Places of this sequence are spread evenly, however many there are.
GOLDEN = 0.6180339887498949


class Offer:
    """
    One worker's users = rate x (task time + the locustfile's own wait time), by what tasks and waits were since the last tick; of those, at most
    `most_busy` for the tasks. With `pace` they are that many, and each waits for its part of the rate.
    """

    def __init__(self, schedule, most_busy, pace):
        self.schedule, self.most_busy, self.pace = schedule, max(1, most_busy), pace
        self.own_shape = False
        self.begun_at = None
        self.begun = self.dropped = self.users = 0
        self.task_seconds, self.wait_seconds = FIRST_TASK_SECONDS, 0.0
        self._busy = self._busy_since = 0.0
        self._ended = self._ended_seconds = self._waited = 0.0
        self._knows = False
        self._spread_seconds = self._spread_place = 0.0

    def begin(self, wait_seconds):
        """The schedule begins. `wait_seconds`: what users will wait after a task, as far as that can be told before one."""
        self.begun_at = time.monotonic()
        self.wait_seconds = wait_seconds

    def seconds(self):
        """Since its begin."""
        return 0.0 if self.begun_at is None else time.monotonic() - self.begun_at

    def task_begins(self):
        """A user executes a task; the moment."""
        now = time.monotonic()
        self.begun += 1
        self._busy += 1
        self._busy_since += now
        return now

    def task_ends(self, since, done):
        """How long it took, seconds. `done`: it came to its end, and was not cut off."""
        lasted = time.monotonic() - since
        self._busy -= 1
        self._busy_since -= since
        if done:
            self._ended += 1
            self._ended_seconds += lasted
        return lasted

    def user_waits(self, seconds):
        """A user waits before its next task, for so long as the locustfile says."""
        self._waited += seconds

    def tick(self):
        """Users that are wanted now; None once the schedule is over."""
        at = self.seconds()
        if at >= self.schedule.seconds:
            return None
        self._learn()
        wanted = self._wanted_rate(at)
        users = self._users_for(wanted)
        if abs(users - self.users) > STEADY_SHARE * self.users:
            most = 1 if self.users > 0 else LONGEST_SPREAD_SECONDS
            self._spread_seconds = min(users / max(wanted, 1e-9), most)
            self.users = users
        return self.users

    def _wanted_rate(self, at):
        rate = self.schedule.rate(at + LATE_SECONDS / 2)
        behind = (self.schedule.due(at) - self.begun - self.dropped) / CATCH_UP_SECONDS
        return rate + max(-rate / 2, min(rate / 2, behind))

    def _users_for(self, rate):
        if self.pace:
            return self.most_busy
        busy, waiting = min(rate * self.task_seconds, self.most_busy), rate * self.wait_seconds
        return max(round(busy + waiting), 1 if rate > 0 else 0)

    def _learn(self):
        """Tasks that are under way count by their age: of a target that hangs none ends."""
        if self._ended > 0:
            weight = 0.5 if self._knows else 1
            self._knows = True
            self.task_seconds += weight * (self._ended_seconds / self._ended - self.task_seconds)
            self.wait_seconds += weight * (self._waited / self._ended - self.wait_seconds)
        if self._busy > 0:
            self.task_seconds = max(self.task_seconds, time.monotonic() - self._busy_since / self._busy)
        self._ended = self._ended_seconds = self._waited = 0.0

    def spread(self):
        """How long a new user waits before it begins, seconds: together they begin evenly over the time that one of them takes for a task and its wait."""
        self._spread_place = (self._spread_place + GOLDEN) % 1
        return 0.0 if self.own_shape else self._spread_place * self._spread_seconds

    def each_rate(self):
        """One user's part of the rate now."""
        return self.schedule.rate(self.seconds()) / max(1, self.users)

    def newly_dropped(self):
        """Task executions of which it is certain by now that they did not begin within a second of their time."""
        if self.own_shape or self.begun_at is None:
            return 0
        late = int(self.schedule.due(self.seconds() - LATE_SECONDS) - self.begun - self.dropped)
        self.dropped += max(0, late)
        return max(0, late)
