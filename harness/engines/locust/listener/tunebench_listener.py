"""
Loaded beside a locustfile (locust -f locustfile.py,tunebench_listener.py), which it leaves as it is: worker processes, each a Locust of its own
with its share of the load, whose tasks and requests are counted by windows; the collector above them sends these as k6's numbers come.
What it does to Locust (v2.40 to v2.47): TaskSet.execute_next_task and _sleep, User.run and stop are wrapped, nothing else of it is changed.
"""

import json
import logging
import os

from locust import events
from locust.stats import console_logger
from tunebench_collector import collect, end
from tunebench_counts import Counts
from tunebench_hooks import watch_tasks, watch_users
from tunebench_offer import Offer
from tunebench_requests import Requests
from tunebench_schedule import Schedule
from tunebench_shapes import OwnShare, rate_shape
from tunebench_shared import place_among_others, share_of_order
from tunebench_stop import listen_for_stop
from tunebench_workers import become_worker, report

place = place_among_others(os.environ)
order = share_of_order(json.loads(os.environ["TUNEBENCH_ORDER"]), place)


def collect_from(workers):
    if "stopAt" in order:
        listen_for_stop(order["stopAt"], lambda: end(workers))
    return collect(workers, order["exportTo"], place.headers)


# Each of these is a process; the one that began them ends here, once all of them have.
worker = become_worker(order, place, collect_from)
counts = Counts(worker.origin)
offer = Offer(Schedule(order, worker.count), worker.share_of(order["virtualUsers"]), order["pace"])
requests = Requests(counts, order)

watch_tasks(offer, counts)
watch_users(offer, order["targetUrls"], place.runner + worker.index)
events.request.add_listener(requests.count)
events.user_error.add_listener(requests.tell_error)

# Locust takes the first shape that it finds: this one where the locustfile has none.
TunebenchRateShape = rate_shape(offer)


@events.init.add_listener
def begin(environment, runner, **_):
    """Locust has taken its shape by now."""
    if not isinstance(environment.shape_class, TunebenchRateShape):
        offer.own_shape = True
        environment.shape_class = OwnShare(environment.shape_class, place, worker)
        environment.shape_class.runner = runner
    worker.await_begin()
    report(worker, counts, offer, environment)


@events.quitting.add_listener
def be_quiet(**_):
    """Its tables are of one worker's requests alone."""
    console_logger.disabled = True


class NoSpawnRateWarning(logging.Filter):
    """The shape asks for all users that are lacking at once, and spreads their begin itself."""

    def filter(self, record):
        return "spawn rate is very high" not in record.getMessage()


logging.getLogger("locust.runners").addFilter(NoSpawnRateWarning())
