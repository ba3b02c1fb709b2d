"""Locust, as its own script starts it: `python -m locust` would take what lies beside a locustfile (requests.py, locust.py) for its own modules."""

from locust.main import main

main()
