"""What a team has for Locust: nothing in it is about tunebench. `locust -f locustfile.py --host http://127.0.0.1:8080` runs it, too."""

from locust import FastHttpUser, between, tag, task


class Visitor(FastHttpUser):
    wait_time = between(0.1, 0.3)

    def on_start(self):
        self.client.get("/", name="first visit")

    @tag("page")
    @task(3)
    def page(self):
        self.client.get("/")

    @tag("checked")
    @task
    def checked_page(self):
        with self.client.get("/", name="checked", catch_response=True) as response:
            if response.status_code == 200 and response.text != "pong\n":
                response.failure(f"not what was asked for: {response.text[:20]}")
