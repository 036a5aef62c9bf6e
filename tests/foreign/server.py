"""Tests of the fake server without third-party clients: quota modes, a fault file, browsers, and Ctrl-C."""

import http.client
import json
import os
import subprocess
import tempfile

from common import *
from server_requests import request


def get(server, path, method="GET", token=True, **headers):
    if token:
        headers["authorization"] = f"Bearer {server.access_token}"
    return request(server.address + path, method, **headers)


def file_of(text):
    file = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False)
    with file:
        file.write(text)
    return file.name


def quota_modes(report):
    for mode, status in [("development", 403), ("extended", 200)]:
        with Server("--quota", mode) as server:
            report.call(f"markets ({mode})", lambda: get(server, "/v1/markets")[0], lambda it: it == status)


def browsers(report):
    with Server() as server:
        report.call("preflight", lambda: get(server, "/v1/me", "OPTIONS", token=False, origin="http://127.0.0.1:1"),
                    lambda it: it[0] == 204 and "PUT" in it[1]["access-control-allow-methods"])
        report.call("allowed origin", lambda: get(server, "/v1/me")[1]["access-control-allow-origin"],
                    lambda it: it == "*")
        report.call("no token", lambda: get(server, "/v1/me", token=False)[0], lambda it: it == 401)


def own_addresses(report):
    with Server("--own-addresses") as server:
        first = lambda: json.loads(get(server, "/v1/me/tracks?limit=2")[2])["next"]
        following = report.call("own addresses", first, lambda it: it.startswith(server.address + "/v1/"))
        report.call("next page", lambda: get(server, following[len(server.address):])[0], lambda it: it == 200)


def faults(report):
    name = file_of("# a series, then a lost response\n\nrate-limited times=2 at=/v1/me\nlost-after\nempty-page\n")
    try:
        with Server("--faults", name) as server:
            for n in (1, 2):
                report.call(f"429 number {n}", lambda: get(server, "/v1/me"),
                            lambda it: it[0] == 429 and it[1]["retry-after"] is None)

            def lost():
                try:
                    return get(server, "/v1/me")
                except (http.client.RemoteDisconnected, ConnectionResetError) as error:
                    return error
            report.call("lost response", lost, lambda it: isinstance(it, OSError))
            report.call("empty page", lambda: json.loads(get(server, "/v1/me/tracks?limit=9")[2]),
                        lambda it: it["items"] == [] and it["next"] and it["total"] == 63)
            report.call("all faults consumed", lambda: get(server, "/v1/me")[0], lambda it: it == 200)
    finally:
        os.unlink(name)


def mistakes(report):
    def run(*options):
        command = [os.environ["FAKE_SERVER"], *options]
        result = subprocess.run(command, capture_output=True, text=True, timeout=10)
        return result.returncode, result.stderr.strip()

    name = file_of("empty-page\nempty-pag\n")
    try:
        report.call("unknown fault", lambda: run("--faults", name),
                    lambda it: it[0] == 1 and it[1].endswith('line 2: unknown fault "empty-pag"'))
    finally:
        os.unlink(name)
    report.call("unknown option", lambda: run("--prot", "1"),
                lambda it: it == (1, 'fake-server: unknown option "--prot"'))
    report.call("refused redirect URI", lambda: run("--redirect-uri", "http://app.example/callback"),
                lambda it: it[0] == 1 and "plain http" in it[1])
    report.call("help", lambda: run("--help"), lambda it: it == (0, ""))


def main():
    report = Report("fake-server", {})
    for part in (quota_modes, browsers, own_addresses, faults, mistakes):
        part(report)
    return report.finish()


run([main])
