"""
One thread, as socketserver is: MS milliseconds of waiting a request; BACKLOG is what listen() gets. With UP (host:port) each request asks there,
over a connection of its own that this side closes first.
"""
import os
import socket
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

work = float(os.environ.get("MS", "1")) / 1000
upstream, _, port = os.environ.get("UP", "").rpartition(":")


def ask():
    with socket.create_connection((upstream, int(port))) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return connection.recv(64)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(work)
        try:
            if upstream != "":
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


class Server(HTTPServer):
    request_queue_size = int(os.environ.get("BACKLOG", "5"))


Server(("", int(os.environ["PORT"])), Handler).serve_forever()
