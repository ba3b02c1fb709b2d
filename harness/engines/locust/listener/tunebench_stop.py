"""In a pod, where no signal reaches it: told to end as k6 is, by PATCH on the pod's loopback."""

from gevent.pywsgi import WSGIServer


def listen_for_stop(address, stop):
    """Calls `stop` at each request, from now on."""

    def answer(environ, start_response):
        environ["wsgi.input"].read()
        stop()
        start_response("200 OK", [])
        return []

    WSGIServer(address, answer, log=None, error_log=None).start()
