"""Requests as they are counted: by status, or by what came in place of a response, as k6 has it."""

import json
import os
import re
import sys
import traceback
from urllib.parse import quote

from locust.exception import CatchResponseError
from tunebench_faults import fault_of

# The locustfile's.
FOLDER = os.getcwd()
MOST_ENDPOINTS = 50
MOST_BODY_CHARACTERS = 200
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NUMBER_IN_PATH = re.compile(r"/\d+(?=[/?#]|$)")
LONG_NUMBER = re.compile(r"\d{4,}")


class Requests:
    """Counts Locust's request events, and tells of the first responses of each status."""

    def __init__(self, counts, order):
        self.counts = counts
        self.bodies = [(one["match"].lower(), one["kind"]) for one in order["bodySignatures"]]
        self.checks = [(one["match"].lower(), one["kind"]) for one in order["checkSignatures"]]
        self.refused = order["refusedKind"]
        self.shows = order["responses"]
        self.told = {}
        self.names = {}

    def count(self, request_type, name, response_time, response=None, exception=None, url=None, **_):
        endpoint = self.names.get(name) or self.endpoint(name)
        status = getattr(response, "status_code", None) or 0
        window = self.counts.window()
        if exception is None:
            key = (("status", str(status or 200)), ("expected_response", "true"), ("name", endpoint))
            window.add(("http_reqs", key))
            window.record(("http_req_duration", key), response_time)
        else:
            self.count_failure(window, status, response, exception, endpoint)
        if self.shows > 0 or exception is not None:
            self.tell(request_type, url or name, status, response, exception)

    def count_failure(self, window, status, response, exception, endpoint):
        failed = (("status", str(status)), ("expected_response", "false"), ("name", endpoint))
        if status == 0:
            window.add(("http_reqs", failed + fault_of(exception)))
            return
        window.add(("http_reqs", failed))
        kind = self.kind_of(status, response, exception)
        window.add(("tunebench_faults", (("kind", kind), ("side", "target"), ("status", str(status)))))

    def kind_of(self, status, response, exception):
        """What the suite's signatures make of it; "" where its status says all."""
        text = text_of(response).lower() if self.bodies else ""
        named = next((kind for match, kind in self.bodies if match in text), None)
        if named is not None:
            return named
        if status >= 400 and not isinstance(exception, CatchResponseError):
            return ""
        words = str(exception).lower()
        return next((kind for match, kind in self.checks if match in words), self.refused)

    def endpoint(self, name):
        """As it is counted: without the ids in it, and `other` past the most that are told apart."""
        masked = LONG_NUMBER.sub("*", NUMBER_IN_PATH.sub("/*", UUID.sub("*", str(name))))
        known = set(self.names.values())
        endpoint = masked if masked in known or len(known) < MOST_ENDPOINTS else "other"
        if masked == name:
            self.names[name] = endpoint
        return endpoint

    def tell(self, method, url, status, response, exception):
        before = self.told.get(status, 0)
        if before >= max(1, self.shows):
            return
        self.told[status] = before + 1
        text = text_of(response) if self.shows > 0 and status > 0 else None
        body = None if text is None else text[:MOST_BODY_CHARACTERS]
        error = "" if exception is None else str(exception)[:MOST_BODY_CHARACTERS]
        seen = {"method": str(method), "url": str(url), "status": status, "error": error}
        tell("tunebench-response", {**seen, "body": body, "characters": None if text is None else len(text)})

    def tell_error(self, user_instance, exception, tb, **_):
        """An error that the locustfile threw, with its place in it."""
        own = [one for one in traceback.extract_tb(tb) if one.filename.startswith(FOLDER)]
        place = f" ({os.path.relpath(own[-1].filename, FOLDER)}:{own[-1].lineno})" if own else ""
        tell("tunebench-error", f"{type(exception).__name__}: {exception}{place}")


def text_of(response):
    """Its body, as far as it is text of the usual encoding: to guess another one would cost CPU in the middle of a storm of errors."""
    content = getattr(response, "content", None)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def tell(what, value):
    """A line of the output that the harness reads."""
    print(what, quote(json.dumps(value), safe=""), file=sys.stderr, flush=True)
