"""Load shapes: the suite's rate, or a worker's share of the locustfile's own."""

import time

from locust import LoadTestShape

# As k6's gracefulStop: what is under way at the schedule's end is answered.
LAST_SECONDS = 1
SAMPLES = 50


def rate_shape(offer):
    """The shape of a suite's rate."""

    class TunebenchRateShape(LoadTestShape):
        def reset_time(self):
            super().reset_time()
            offer.begin(mean_wait(self.runner.user_classes))

        def tick(self):
            users = offer.tick()
            if users is None:
                self.runner.environment.stop_timeout = LAST_SECONDS
                return None
            return users, max(users, 1)

    return TunebenchRateShape


class OwnShare(LoadTestShape):
    """One worker's share of a generator's share of the users that a locustfile's own shape wants."""

    abstract = True

    def __init__(self, shape, place, worker):
        super().__init__()
        self.shape, self.place, self.worker = shape, place, worker

    def reset_time(self):
        self.shape.reset_time()

    def tick(self):
        wanted = self.shape.tick()
        if wanted is None:
            return None
        users, spawn_rate, *classes = wanted
        own = self.worker.share_of(self.place.share_of(users))
        return (own, max(spawn_rate / self.worker.count / self.place.count, 0.01), *classes)


def mean_wait(user_classes):
    """What users of these classes wait after a task, seconds, by their weights."""
    waits = [(user.weight, wait_of(user)) for user in user_classes]
    return sum(weight * wait for weight, wait in waits) / max(sum(weight for weight, _ in waits), 1e-9)


def wait_of(user_class):
    """As far as it can be told before there is a user: wait_time is asked of one that has no more than the name; 0 where it wants more."""
    try:
        user = object.__new__(user_class)
        user._cp_last_run, user._cp_last_wait_time = time.perf_counter(), 0
        return sum(float(user.wait_time()) for _ in range(SAMPLES)) / SAMPLES
    except Exception:
        return 0.0
