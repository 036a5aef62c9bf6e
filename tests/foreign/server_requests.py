"""Sends requests with Python's standard library."""

import json
import urllib.error
import urllib.request

# Ignores proxy settings in the environment.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def request(url, method="GET", body=None, **headers):
    """Sends a request. Returns the status, the headers and the body of the response."""
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["content-type"] = "application/json"
    try:
        response = OPENER.open(urllib.request.Request(url, data, headers, method=method), timeout=10)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, response.headers, response.read()
