"""Worker processes: each runs the same locustfile, and reports its windows to the collector by a pipe."""

import ctypes
import json
import os
import signal
import sys
import time

import gevent
from locust import LoadTestShape, User, events
from tunebench_counts import DROPPED, WINDOW_SECONDS
from tunebench_shared import share

# For a lower rate a further process would have nothing to do.
LEAST_PER_WORKER = 100
# After a border, so that what was counted at it is in.
SETTLE_SECONDS = 0.005
PR_SET_PDEATHSIG = 1


class Worker:
    """One of several: its number from 0, how many there are, the moment from which all count their windows."""

    def __init__(self, index, count, origin, pipe):
        self.index, self.count, self.origin, self.pipe = index, count, origin, pipe

    def share_of(self, number):
        return share(number, self.index, self.count)

    def await_begin(self):
        """Until the moment from which all count, which others that share the load may have had to be asked for."""
        gevent.sleep(max(0, self.origin - time.monotonic()))
        self.send({"began": time.time()})

    def send(self, message):
        line = json.dumps(message).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self.pipe, line) :]
        except OSError:
            # Nobody is left to count for.
            os._exit(1)


def become_worker(order, place, collect):
    """Returns in each worker. The process that began them collects, and ends with them."""
    count = workers_for(order, place)
    origin = place.common_begin()
    pipes = {}
    for index in range(count):
        read, write = os.pipe()
        pid = gevent.fork()
        if pid == 0:
            for earlier in [*pipes.values(), read]:
                os.close(earlier)
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            return Worker(index, count, origin, write)
        os.close(write)
        pipes[pid] = read
    sys.exit(collect(pipes))


def workers_for(order, place):
    """As many as CPUs, or as the rate needs. A fixed number of users can't be shared."""
    cpus = len(os.sched_getaffinity(0))
    if any(user.fixed_count > 0 and not user.abstract for user in below(User)):
        if place.count > 1:
            sys.exit(f"a fixed_count of users can't be shared by {place.count} runners: one has to make the load (load.runners: 1)")
        return 1
    if any(not getattr(shape, "abstract", True) for shape in below(LoadTestShape)):
        return cpus
    peak = max([order["startPerSecond"], *[stage["toPerSecond"] for stage in order["stages"]]])
    return int(max(1, min(cpus, -(-peak // LEAST_PER_WORKER), order["virtualUsers"])))


def below(parent):
    """All that a locustfile derived from a class."""
    return [one for child in parent.__subclasses__() for one in [child, *below(child)]]


def report(worker, counts, offer, environment):
    """Sends each window once it is over, and the last one at the end, which SIGINT brings about at once."""

    def at_end(window):
        dropped = offer.newly_dropped()
        if dropped > 0:
            window.add(DROPPED, dropped)

    def send_over():
        windows, counts.over = counts.over, []
        users = environment.runner.user_count
        for place, end, window in windows:
            sums, times = window.lines()
            worker.send({"place": place, "end": end, "users": users, "sums": sums, "times": times})

    def send_each():
        while True:
            border = worker.origin + (counts.place_now() + 1) * WINDOW_SECONDS
            gevent.sleep(border - time.monotonic() + SETTLE_SECONDS)
            counts.window()
            send_over()

    def send_last(**_):
        counts.window()
        counts.close(time.monotonic())
        send_over()
        worker.send({"last": True})

    def end_now():
        """What Locust itself does once its shape is over, without waiting for what is under way."""
        environment.stop_timeout = 0
        if environment.runner.shape_greenlet is not None:
            environment.runner.shape_greenlet.kill(block=False)

    counts.at_end = at_end
    gevent.signal_handler(signal.SIGINT, end_now)
    gevent.spawn(send_each)
    events.quit.add_listener(send_last)
