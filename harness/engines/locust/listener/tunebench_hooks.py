"""Where Locust's users are looked at: their tasks, their waits, their begin."""

import itertools
import time

import gevent
from locust import TaskSet, User, constant_throughput


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

    def sleep(_self, seconds):
        offer.user_waits(seconds)
        gevent.sleep(seconds)

    def sleep_paced(self, _seconds):
        rate = offer.each_rate()
        gevent.sleep(constant_throughput(rate)(self.user) if rate > 0 else 1)

    TaskSet.execute_next_task = execute_next_task
    TaskSet._sleep = sleep_paced if offer.pace else sleep


def watch_users(offer, targets, first):
    """New users begin spread over time, and ask the copies of the target in turns."""
    run, init = User.run, User.__init__
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

    User.run = run_spread
    if len(targets) > 1:
        User.__init__ = init_with_host
