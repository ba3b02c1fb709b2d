"""
One event loop. From the request HANG_AFTER on nobody is answered; of connections only the first SERVED are; KEEP_KB are kept of every request,
and where no memory is left it says so and ends.
"""
import asyncio
import os

hang_after = int(os.environ.get("HANG_AFTER", "0"))
served = int(os.environ.get("SERVED", "0"))
keep_bytes = int(os.environ.get("KEEP_KB", "0")) * 1024
kept = []
requests = 0
connections = 0


async def serve(reader, writer):
    global requests, connections
    connections += 1
    mine = connections
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/healthz" in head:
                connections -= 1
            else:
                requests += 1
                kept.append(b"x" * keep_bytes)
                if 0 < hang_after < requests or 0 < served < mine:
                    await asyncio.Event().wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
    except MemoryError:
        os.write(2, b"MemoryError: out of memory\n")
        os._exit(1)


async def main():
    server = await asyncio.start_server(serve, "", int(os.environ["PORT"]))
    await server.serve_forever()


asyncio.run(main())
