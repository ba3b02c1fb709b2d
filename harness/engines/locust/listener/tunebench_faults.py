"""What came in place of a response, as attributes that harness/engines/windows/transport-fault.ts knows."""

import http.client
import socket

import requests
from geventhttpclient.response import HTTPConnectionClosed


def fault_of(exception):
    """A socket's errno where there is one in the exception or in what caused it; else a kind."""
    causes = list(causes_of(exception))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return kind("ENOTFOUND")
        if isinstance(cause, OSError) and isinstance(cause.errno, int) and cause.errno > 0:
            return (("error", f"errno {cause.errno}"),)
    for types, name in KINDS:
        if any(isinstance(cause, types) for cause in causes):
            return kind(name)
    return kind(type(exception).__name__)


KINDS = [
    (requests.exceptions.ConnectTimeout, "ETIMEDOUT"),
    ((TimeoutError, requests.exceptions.Timeout), "REQUEST_TIMEOUT"),
    ((HTTPConnectionClosed, http.client.RemoteDisconnected, http.client.IncompleteRead, EOFError), "EOF"),
]


def kind(name):
    return (("tunebench_kind", name),)


def causes_of(exception, depth=0):
    """It, and what it says was its cause: requests and urllib3 put one into another as an argument."""
    if not isinstance(exception, BaseException) or depth > 6:
        return
    yield exception
    inner = [exception.__cause__, exception.__context__, getattr(exception, "reason", None), *exception.args]
    for cause in inner:
        yield from causes_of(cause, depth + 1)
