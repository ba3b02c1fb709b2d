"""One generator of several that share a load, each in a pod: its share, and the moment at which all begin."""

import http.client
import json
import sys
import time
from urllib.parse import unquote, urlsplit

# A network may not let a new pod through at once.
AGAIN_SECONDS = 0.25


class Place:
    """A generator's number, 0-based, among `count`, and the headers of its exports. `shared` as harness/engines/engine.ts has SharedStart; None: alone."""

    def __init__(self, shared, headers):
        self.shared, self.headers = shared, headers
        registration = {"runner": 0, "count": 1} if shared is None else shared["registration"]
        self.runner, self.count = registration["runner"], registration["count"]

    def share_of(self, number):
        return share(number, self.runner, self.count)

    def common_begin(self):
        """On this process's monotonic clock; at once for one alone. The answer comes when all generators are there."""
        if self.shared is None:
            return time.monotonic()
        while True:
            try:
                start = register(self.shared)
                return time.monotonic() + start - time.time()
            except (OSError, http.client.HTTPException):
                time.sleep(AGAIN_SECONDS)


def place_among_others(env):
    """By the variables that a runner's pod has, and nobody else."""
    shared = env.get("TUNEBENCH_SHARED")
    pairs = [pair.split("=", 1) for pair in env.get("TUNEBENCH_EXPORT_HEADERS", "").split(",") if pair]
    return Place(json.loads(shared) if shared else None, {unquote(name): unquote(value) for name, value in pairs})


def share_of_order(order, place):
    """The load that is this generator's."""
    stages = [{**stage, "toPerSecond": stage["toPerSecond"] / place.count} for stage in order["stages"]]
    users = place.share_of(order["virtualUsers"])
    return {**order, "startPerSecond": order["startPerSecond"] / place.count, "stages": stages, "virtualUsers": users}


def share(number, index, count):
    """A whole part of a number; those of all are the number."""
    return number * (index + 1) // count - number * index // count


def register(shared):
    """Seconds since 1970 at which all begin. One that is turned away ends."""
    url = urlsplit(shared["url"])
    connection = http.client.HTTPConnection(url.netloc, timeout=3600)
    headers = {"authorization": shared["authorization"], "content-type": "application/json"}
    connection.request("POST", url.path, json.dumps(shared["registration"]), headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    if response.status != 200:
        sys.exit(f"runner {shared['registration']['runner']} was turned away: {text}")
    return json.loads(text)["startUnixMs"] / 1000
