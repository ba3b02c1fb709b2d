"""What gunicorn serves: MS milliseconds of waiting, or, with DB_HOST, a query of that time on a connection of its own."""
import os
import time

work = float(os.environ.get("MS", "20")) / 1000


def app(environ, start_response):
    status, body = "200 OK", b"ok\n"
    if environ["PATH_INFO"] != "/healthz":
        try:
            answer()
        except Exception as error:
            print("query:", error, flush=True)
            status, body = "500 Internal Server Error", b"internal error\n"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]


def answer():
    if "DB_HOST" not in os.environ:
        time.sleep(work)
        return
    import pymysql

    host, port = os.environ["DB_HOST"], int(os.environ["DB_PORT"])
    connection = pymysql.connect(host=host, port=port, user="tunebench", connect_timeout=3)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT SLEEP({work})")
    finally:
        connection.close()
