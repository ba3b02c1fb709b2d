"""Where Locust's users are looked at: their tasks, their waits, their begin."""

import itertools
import time

import gevent
from locust import TaskSet, User, constant_throughput
from locust.exception import StopUser


def watch_tasks(offer, counts):
    """A task that is a function is one execution, whatever TaskSet it is in. With a pace the time of a user's part of the rate takes the wait's place."""
    execute = TaskSet.execute_next_task

    def execute_next_task(self):
        task = self._task_queue[0]
        if isinstance(task, type) and issubclass(task, TaskSet):
            return execute(self)
        counts.task_begins()
        since, done = offer.task_begins(), True
        try:
            return execute(self)
        except gevent.GreenletExit:
            done = False
            raise
        finally:
            lasted = offer.task_ends(since, done)
            if done:
                counts.task_ended(lasted * 1000)

    def wait_of(user, seconds):
        if not offer.pace:
            return seconds
        rate = offer.each_rate()
        return constant_throughput(rate)(user) if rate > 0 else 1

    def sleep(self, seconds):
        wait = wait_of(self.user, seconds)
        offer.user_waits(wait)
        gevent.sleep(wait)
        # Its end comes by the event loop: it would reach a request that is under way, which the target then has counted and nobody here.
        if getattr(self.user, "_tunebench_leaves", False):
            raise StopUser()

    TaskSet.execute_next_task = execute_next_task
    TaskSet._sleep = sleep


def watch_users(offer, targets, first):
    """New users begin spread over time, ask the copies of the target in turns, and end between two tasks."""
    run, init, stop = User.run, User.__init__, User.stop
    hosts = itertools.cycle(targets[first % len(targets) :] + targets[: first % len(targets)])

    def run_spread(self):
        delay = offer.spread()
        if delay > 0:
            gevent.sleep(delay)
            # A pace is counted from its begin.
            self._cp_last_run = time.perf_counter()
        return run(self)

    def init_with_host(self, *args, **kwargs):
        self.host = next(hosts)
        init(self, *args, **kwargs)

    def stop_noted(self, force=False):
        self._tunebench_leaves = True
        return stop(self, force)

    User.run, User.stop = run_spread, stop_noted
    if len(targets) > 1:
        User.__init__ = init_with_host
