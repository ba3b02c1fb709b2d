"""One thread, as socketserver is: MS milliseconds of waiting a request; BACKLOG is what listen() gets."""
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

work = float(os.environ.get("MS", "1")) / 1000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(work)
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *args):
        pass


class Server(HTTPServer):
    request_queue_size = int(os.environ.get("BACKLOG", "5"))


Server(("", int(os.environ["PORT"])), Handler).serve_forever()
