"""Validates the fake's responses against Spotify's OpenAPI description, with Prism as a proxy.

Arguments: the Prism executable and the description. The fake is in extended quota mode, in which its responses contain
all fields.
"""

import json
import re
import socket
import subprocess
import sys
import time

from common import *
from server_requests import request

# Known differences between the service and the description, as pairs of a pattern for the message and the reason.
OBSERVED = [
    (r"required property 'available_markets'", "omitted if a market applies"),
    (r"type must be equal to one of the allowed values: episode", "the type of chapters is `chapter`"),
    (r"playlists?\.items\.\d+ must be object|^Response body property items\.\d+ must be object",
     "lists of playlists contain `null`"),
    (r"seeds\.\d+\.href must be string", "`null` for a genre, as documented for the field"),
]

# If a value may match one of several schemas, Prism reports a mismatch for each schema. A track that is invalid for one
# of the reasons above is also reported as an invalid episode.
CHOICES = re.compile(
    r"must match exactly one schema in oneOf|allowed values: artist|"
    r"(item|track|currently_playing|queue\.\d+) must have required property '(audio_preview_url|description|"
    r"html_description|images|is_externally_hosted|languages|release_date|release_date_precision|show)'")


def calls():
    """Yields the method, the path and the body of a request for each operation whose response has a body."""
    uri = f"spotify:track:{TRACK}"
    gets = f"""albums/{ALBUM} albums?ids={ALBUM} albums/{ALBUM}/tracks artists/{ARTIST} artists?ids={ARTIST}
        artists/{ARTIST}/albums?limit=5 artists/{ARTIST}/top-tracks artists/{ARTIST}/related-artists shows/{SHOW}
        shows?ids={SHOW} shows/{SHOW}/episodes episodes/{EPISODE} episodes?ids={EPISODE} audiobooks/{AUDIOBOOK}
        audiobooks?ids={AUDIOBOOK} audiobooks/{AUDIOBOOK}/chapters?limit=5 me/audiobooks
        me/audiobooks/contains?ids={AUDIOBOOK} chapters/{CHAPTER} chapters?ids={CHAPTER} tracks/{TRACK}
        tracks?ids={TRACK} search?q=a&type=album,artist,playlist,track,show,episode,audiobook&limit=2 me
        playlists/{PRIVATE_PLAYLIST} playlists/{PRIVATE_PLAYLIST}/tracks playlists/{PRIVATE_PLAYLIST}/items
        me/playlists me/library/contains?uris={uri} me/albums?limit=1 me/albums/contains?ids={ALBUM}
        me/tracks?limit=2 me/tracks/contains?ids={TRACK} me/episodes me/episodes/contains?ids={EPISODE} me/shows
        me/shows/contains?ids={SHOW} me/top/artists me/top/tracks?limit=2 users/orla.lantern
        users/orla.lantern/playlists browse/featured-playlists browse/categories browse/categories/party
        browse/categories/party/playlists playlists/{PLAYLIST}/images browse/new-releases?limit=2
        me/following?type=artist me/following/contains?type=artist&ids={ARTIST}
        playlists/{PLAYLIST}/followers/contains audio-features?ids={TRACK} audio-features/{TRACK}
        audio-analysis/{TRACK} recommendations?seed_tracks={TRACK}&seed_artists={ARTIST}&seed_genres=folk&limit=2
        recommendations/available-genre-seeds me/player me/player/devices me/player/currently-playing
        me/player/recently-played?limit=2 me/player/queue markets"""
    for path in gets.split():
        yield "GET", path, None
    yield "POST", "me/playlists", {"name": "Ferry"}
    yield "POST", "users/orla.lantern/playlists", {"name": "Ferry"}
    for name in ("items", "tracks"):
        path = f"playlists/{PRIVATE_PLAYLIST}/{name}"
        yield "POST", path, {"uris": [uri]}
        yield "PUT", path, {"range_start": 0, "insert_before": 2}
        yield "DELETE", path, {name: [{"uri": uri}]}


def violations(header):
    """Returns the messages in a header value that may be truncated."""
    return re.findall(r'"location":\["response"[^}]*?"message":"((?:[^"\\]|\\.)*)"', header or "")


def main():
    program, description = sys.argv[1:]
    counts, unexpected, used = {"calls": 0, "violations": 0}, [], set()
    with Server("--quota", "extended") as server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [program, "proxy", "--host", "127.0.0.1", "--port", str(port), description, f"{server.address}/v1"]
        proxy = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            for method, path, body in calls():
                url = f"http://127.0.0.1:{port}/{path}"
                status, headers, text = request(url, method, body, authorization=f"Bearer {server.access_token}")
                counts["calls"] += 1
                if status >= 300:
                    unexpected.append(f"{method} {path}: {status} {text[:200]}")
                for message in violations(headers["sl-violations"]):
                    counts["violations"] += 1
                    known = [at for at, (pattern, _) in enumerate(OBSERVED) if re.search(pattern, message)]
                    used.update(known)
                    if not known and not CHOICES.search(message):
                        unexpected.append(f"{method} {path}: {message}")
        finally:
            proxy.terminate()
            proxy.wait(timeout=10)
    for at, (pattern, _) in enumerate(OBSERVED):
        if at not in used:
            unexpected.append(f"known difference did not occur: {pattern}")
    print(f"fake validated against the description: {counts['calls']} responses, {counts['violations']} violations, "
          f"{len(unexpected)} of them unexpected")
    for line in unexpected:
        print(f"  unexpected: {line}")
    return not unexpected


def wait_for(port):
    """Waits until the proxy accepts connections."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the proxy does not accept connections")


run([main])
