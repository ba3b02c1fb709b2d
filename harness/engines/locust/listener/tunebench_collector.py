"""The process above the workers: their windows as one, sent as k6's numbers come."""

import http.client
import json
import os
import select
import signal
import sys
import time

from tunebench_counts import SCALE, WINDOW_SECONDS
from tunebench_otlp import export_request


def collect(workers, export_to, headers):
    """Until all have ended; the exit code. `workers`: pid -> the pipe of its reports."""
    signal.signal(signal.SIGINT, lambda *_: end(workers))
    collector = Collector(list(workers.values()), Exporter(export_to, headers))
    while collector.pipes:
        ready, _, _ = select.select(list(collector.pipes), [], [])
        for pipe in ready:
            collector.take(pipe)
        if collector.lost and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            end(workers)
    collector.send_due(everything=True)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
    worst = next((code for code in codes if code != 0), 0)
    return worst if worst >= 0 else 128 - worst


def end(workers):
    """Once: a worker that is about to end would end in the middle of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for pid in workers:
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            pass


class Collector:
    """Merges windows of one place; one is sent once every worker that is left has told it."""

    def __init__(self, pipes, exporter):
        self.pipes = {pipe: b"" for pipe in pipes}
        self.told = {pipe: -1 for pipe in pipes}
        self.whole = set()
        self.lost = False
        self.windows = {}
        self.exporter = exporter

    def take(self, pipe):
        data = os.read(pipe, 1 << 20)
        if not data:
            del self.pipes[pipe]
            # One that says nothing of its end has died: half of a load is another load.
            self.lost = self.lost or pipe not in self.whole
        else:
            *lines, self.pipes[pipe] = (self.pipes[pipe] + data).split(b"\n")
            for line in lines:
                self.put(pipe, json.loads(line))
        self.send_due()

    def put(self, pipe, message):
        if "last" in message:
            self.whole.add(pipe)
            return
        if "began" in message:
            self.exporter.began = max(self.exporter.began, message["began"])
            return
        place = message["place"]
        self.told[pipe] = place
        window = self.windows.setdefault(place, {"end": 0.0, "users": 0, "sums": {}, "times": {}})
        window["end"] = max(window["end"], message["end"])
        window["users"] += message["users"]
        for metric, attributes, value in message["sums"]:
            key = (metric, tuple(map(tuple, attributes)))
            window["sums"][key] = window["sums"].get(key, 0) + value
        for metric, attributes, *values in message["times"]:
            key = (metric, tuple(map(tuple, attributes)))
            window["times"][key] = merged(window["times"].get(key), values)

    def send_due(self, everything=False):
        least = min((self.told[pipe] for pipe in self.pipes if pipe not in self.whole), default=None)
        for place in sorted(self.windows):
            if everything or least is None or place <= least:
                self.exporter.send(place, self.windows.pop(place))


def merged(before, values):
    count, total, least, most, zeros, buckets = values
    buckets = {int(bucket): number for bucket, number in buckets.items()}
    if before is None:
        return [count, total, least, most, zeros, buckets]
    for bucket, number in before[5].items():
        buckets[bucket] = buckets.get(bucket, 0) + number
    return [before[0] + count, before[1] + total, min(before[2], least), max(before[3], most), before[4] + zeros, buckets]


class Exporter:
    """Sends a window as one OTLP export over HTTP; one that is lost is told, and no more is made of it here."""

    def __init__(self, export_to, headers):
        self.connection = http.client.HTTPConnection(export_to, timeout=5)
        self.headers = {**headers, "content-type": "application/x-protobuf"}
        self.end_unix = None
        # When the last worker began, seconds since 1970.
        self.began = 0.0

    def send(self, place, window):
        # By the monotonic clock: a window's length is none of the wall clock's.
        end = time.time() - (time.monotonic() - window["end"])
        begin = self.end_unix if self.end_unix is not None else end - WINDOW_SECONDS
        self.end_unix = end
        gauges = {"vus_max": window["users"], "tunebench_started": self.began * 1000}
        body = export_request(begin, end, window["sums"], window["times"], gauges, SCALE)
        try:
            self.connection.request("POST", "/v1/metrics", body, self.headers)
            response = self.connection.getresponse()
            response.read()
            if response.status != 200:
                raise OSError(f"HTTP {response.status}")
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            print(f"tunebench-export-failed window {place}: {error!r}", file=sys.stderr, flush=True)
