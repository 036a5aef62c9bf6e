"""Runs the fake server as a child process, and reports calls and their expected failures."""

import os
import signal
import subprocess
import sys
import traceback
import urllib.parse

# Clients use Spotify's addresses. A custom transport sends their requests to the fake.
HOSTS = ("https://api.spotify.com", "https://accounts.spotify.com")

REDIRECT_URI = "http://127.0.0.1:8888/callback"

# Ids in the fake's catalogue (spotify_proto_testing::fake::ids).
ALBUM = "2Lw5mHsTq0bXv8RzKd4NcY"
LONG_ALBUM = "5Gd0xWnJkP7uYt3QhZs9Ra"
ARTIST = "1Qe9ZfVbT4oMr6CyXp2LsK"
TRACK = "3Nh7pBvYc5EjGw1TzDq8Uf"
SHOW = "4Yk2sRzPa6XdLm9WbVt0Hg"
EPISODE = "0Tc8uEjQm3ZrKf5NxSy7Wv"
AUDIOBOOK = "6Bp4vGhXn1QwJd8ZrMk3Ty"
CHAPTER = "2Rf6yCkWs9TbHn4PqVx1Lz"
PLAYLIST = "3Vm1zQdLt8YcFk6RwJb5Xn"
PRIVATE_PLAYLIST = "5Hs9bTxNg2MvWq7ZkYd4Pc"
FOREIGN_PLAYLIST = "1Wj3kXcRf7NzPb0TgLy6Dm"
DEVICE = "5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e"
OTHER_DEVICE = "9c1185a5c5e9fc54612808977ee8f548b2258d31"

# The first bytes of a JPEG image, base64-encoded.
COVER = "/9j/AA=="


class Server:
    """The fake server on a free loopback port. It is stopped at the end of the `with` block."""

    def __init__(self, *options):
        self.options = options

    def __enter__(self):
        command = [os.environ["FAKE_SERVER"], "--port", "0", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        values = {}
        for line in self.process.stdout:
            if line.startswith("ready"):
                break
            name, value = line.strip().split("=", 1)
            values[name] = value
        self.address = values["ADDRESS"]
        self.client_id = values["CLIENT_ID"]
        self.client_secret = values["CLIENT_SECRET"]
        self.public_client_id = values["PUBLIC_CLIENT_ID"]
        self.access_token = values["ACCESS_TOKEN"]
        self.refresh_token = values["REFRESH_TOKEN"]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert status == 0, f"expected exit status 0 after Ctrl-C, got {status}"

    def local(self, url):
        """Returns the URL with Spotify's address replaced by the address of the fake."""
        for host in HOSTS:
            if str(url).startswith(host + "/"):
                return self.address + str(url)[len(host):]
        raise ValueError(f"expected a Spotify URL, got {url}")

    def session(self):
        """Returns a session of `requests` that sends its requests to the fake."""
        import requests
        from requests.adapters import HTTPAdapter

        server = self

        class Adapter(HTTPAdapter):
            def send(self, request, **options):
                url, request.url = request.url, server.local(request.url)
                response = super().send(request, **options)
                response.url = url
                return response

        session = requests.Session()
        session.trust_env = False
        for host in HOSTS:
            session.mount(host, Adapter())
        return session

    def consent(self, url):
        """Opens the consent page like a browser. Returns the address to which the user is redirected."""
        response = self.session().get(url, allow_redirects=False)
        assert response.status_code == 303, f"expected a redirect, got {response.status_code}"
        location = response.headers["location"]
        assert location.startswith(REDIRECT_URI), location
        return location


def parameters(url):
    """Returns the query parameters of a URL."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


class Report:
    """Counts calls. Every failure must be in the list of expected failures, and every expected failure must occur."""

    def __init__(self, title, expected):
        self.title = title
        self.expected = expected
        self.used = set()
        self.calls = set()
        self.passed = 0
        self.excused = {}
        self.unexpected = []

    def call(self, name, function, check=lambda result: True):
        """Makes one call. `check` returns whether the result is as expected."""
        assert name not in self.calls, f"{name} is called twice"
        self.calls.add(name)
        expected = self.expected.get(name)
        try:
            result = function()
            if not check(result):
                raise AssertionError(f"unexpected result: {str(result)[:300]}")
        except Exception as error:  # any exception in a client is a failed call
            text = f"{type(error).__name__}: {error}"
            if expected and expected[0] in text:
                self.used.add(name)
                self.excused.setdefault(expected[1], []).append(name)
            else:
                if os.environ.get("TRACE"):
                    traceback.print_exc()
                self.unexpected.append(f"{name}: {' '.join(text.split())[:400]}")
            return None
        if expected:
            self.unexpected.append(f"{name}: expected a failure, but the call succeeded")
            return result
        self.passed += 1
        return result

    def finish(self):
        """Prints the counts. Returns whether all results were as expected."""
        for name in sorted(set(self.expected) - self.calls):
            self.unexpected.append(f"{name}: expected a failure, but the call was not made")
        excused = sum(map(len, self.excused.values()))
        print(f"{self.title}: {len(self.calls)} different calls, {self.passed} succeeded, "
              f"{excused} failed as expected, {len(self.unexpected)} unexpected")
        for cause, names in self.excused.items():
            print(f"    {len(names)} × {cause}")
            if os.environ.get("VERBOSE"):
                print(f"        {', '.join(names)}")
        for line in self.unexpected:
            print(f"  unexpected: {line}")
        return not self.unexpected


def run(mains):
    """Runs all functions. Exits with status 0 if all of them return True, and with status 1 otherwise."""
    results = [main() for main in mains]
    sys.exit(0 if all(results) else 1)
