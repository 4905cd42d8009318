"""Chromium without a screen, driven by its debugging pipe: enough to open a page, ask it things and take its picture.

    with Browser() as browser:
        page = browser.open("file:///…/page.html", width=360, dark=True)
        page.run(script)                 # a value, promises awaited
        page.picture("page.png")
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome")


def program():
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_its_load(event, navigation):
    """Whether an event is the load of what was navigated to: that of the empty page may come late."""
    what = event.get("params", {})
    return (event["method"] == "Page.lifecycleEvent" and what["name"] == "load" and
            what["loaderId"] == navigation["loaderId"])


class Browser:
    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="frame-browser-")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        command = [program(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-background-networking", "--hide-scrollbars", f"--user-data-dir={self.profile}",
                   "--remote-debugging-pipe", "about:blank"]

        def pipes():                                    # Chromium reads from 3 and writes to 4
            read, write = os.dup(to_read), os.dup(to_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, preexec_fn=pipes, close_fds=False)
        os.close(to_read)
        os.close(to_write)
        self.unread, self.number = b"", 0
        return self

    def __exit__(self, *_):
        os.close(self.to)
        os.close(self.back)
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.unread:
            more = os.read(self.back, 1 << 20)
            if not more:
                raise RuntimeError("Chromium has gone")
            self.unread += more
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session=None, until=None, **parameters):
        """The answer to a command; with until(event, answer) waits for an event, too, of which that is true."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        answer, events = None, []
        while answer is None or (until and not any(until(event, answer) for event in events)):
            got = self.receive()
            if got.get("id") == self.number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                answer = got["result"]
            elif "method" in got:
                events.append(got)
        return answer

    def open(self, url, width=1440, height=900, dark=False, media=""):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        page.ask("Page.enable")
        page.ask("Page.setLifecycleEventsEnabled", enabled=True)
        page.ask("Page.setBypassCSP", enabled=True)                 # for the tests' own script
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])
        page.ask("Page.navigate", until=is_its_load, url=url)
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def ask(self, method, **parameters):
        return self.browser.ask(method, session=self.session, **parameters)

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "a script failed"))
        return answer["result"].get("value")

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
