"""
A front that opens a connection for each request, and closes first: to UP (host:port, several by turns), or to what it serves itself, on
127.0.0.1 (OWN=loopback) or on a unix socket (OWN=unix, one request in MS). BIND: it binds its own address first, as a proxy with a source
address does; with NO_PORT as well it leaves the port to connect().
"""
import itertools
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

IP_BIND_ADDRESS_NO_PORT = 24
own = os.environ.get("OWN", "")
unix_path = "app.sock"
work = float(os.environ.get("MS", "0")) / 1000
named = [one.rpartition(":") for one in os.environ.get("UP", "127.0.0.1:6379").split(",")]
destinations = [(host, int(port)) for host, _, port in named]
turns = itertools.count()


def own_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(destinations[0])
        return probe.getsockname()[0]


def serve_own(listener):
    listener.listen(4096)
    while True:
        connection, _ = listener.accept()
        if own == "unix":
            answer(connection)
        else:
            threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection):
    with connection:
        connection.recv(64)
        time.sleep(work)
        connection.sendall(b"pong")
        connection.recv(1)


def ask():
    if own == "unix":
        with socket.socket(socket.AF_UNIX) as connection:
            connection.setblocking(False)
            connection.connect(unix_path)
            connection.setblocking(True)
            return exchange(connection)
    with socket.socket() as connection:
        if "NO_PORT" in os.environ:
            connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if "BIND" in os.environ:
            connection.bind((address, 0))
        connection.connect(destinations[next(turns) % len(destinations)])
        return exchange(connection)


def exchange(connection):
    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    return connection.recv(64)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        try:
            if self.path != "/healthz":
                ask()
            code, body = 200, b"ok\n"
        except OSError as error:
            code, body = 502, f"upstream: {error}\n".encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 511
    daemon_threads = True


address = own_address() if "BIND" in os.environ else ""
if own == "unix":
    # The path of a socket holds 108 bytes at most.
    os.chdir(os.environ["DATA"])
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(unix_path)
    threading.Thread(target=serve_own, args=(unix,), daemon=True).start()
if own == "loopback":
    loopback = socket.socket()
    loopback.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    loopback.bind(("127.0.0.1", 6379))
    threading.Thread(target=serve_own, args=(loopback,), daemon=True).start()
Server(("", int(os.environ["PORT"])), Handler).serve_forever()
