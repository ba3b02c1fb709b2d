"""
A thread for each connection. DROP_PERCENT of the segments of every connection are dropped by a filter at the socket, with SYN_ONLY those of
unfinished handshakes alone (but for the SYN); REFUSE_AFTER connections the listener closes; with LOCK_MS each request holds one lock so long.
"""
import ctypes
import os
import socket
import struct
import threading
import time

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
drop_percent = int(os.environ.get("DROP_PERCENT", "0"))
handshakes_only = "SYN_ONLY" in os.environ
refuse_after = int(os.environ.get("REFUSE_AFTER", "0"))
lock_seconds = float(os.environ.get("LOCK_MS", "0")) / 1000
lock = threading.Lock()


def instruction(code, jump_true, jump_false, value):
    return struct.pack("HBBI", code, jump_true, jump_false, value)


def attach_filter(listener):
    accept, drop = instruction(6, 0, 0, 0xFFFFFFFF), instruction(6, 0, 0, 0)
    flags, is_syn = instruction(0x30, 0, 0, 13), instruction(0x45, 3, 0, 2)
    random, of_hundred = instruction(0x20, 0, 0, 0xFFFFF000 + 56), instruction(0x94, 0, 0, 100)
    program = [random, of_hundred, instruction(0x35, 0, 1, drop_percent), accept, drop]
    if handshakes_only:
        program = [flags, is_syn, *program]
    raw = b"".join(program)
    buffer = ctypes.create_string_buffer(raw)
    listener.setsockopt(
        socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    )


def serve(connection):
    if drop_percent > 0 and handshakes_only:
        connection.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
    try:
        with connection:
            while read_request(connection):
                if lock_seconds > 0:
                    with lock:
                        time.sleep(lock_seconds)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
    except OSError:
        pass


def read_request(connection):
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        more = connection.recv(4096)
        if not more:
            return False
        request += more
    return True


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if drop_percent > 0:
    attach_filter(listener)
listener.bind(("", int(os.environ["PORT"])))
listener.listen(int(os.environ.get("BACKLOG", "1024")))
accepted = 0
while refuse_after == 0 or accepted < refuse_after:
    connection, _ = listener.accept()
    accepted += 1
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
listener.close()
threading.Event().wait()
