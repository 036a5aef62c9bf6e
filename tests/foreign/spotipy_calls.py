"""Tests the fake with spotipy: more than sixty different calls in both quota modes, and all login flows."""

import logging
import warnings

import spotipy
from common import *
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOAuth, SpotifyPKCE

logging.getLogger("spotipy").setLevel(logging.CRITICAL)
warnings.simplefilter("ignore")

SCOPE = "user-library-read user-library-modify playlist-modify-private user-top-read"

NOT_FOUND = ("404", "recommendations are not available in development mode, which responds with 404")
REMOVED = ("Forbidden", "the operation is not available in development mode")

# Errors in the client that occur before it sends a request.
SPOTIPY = {
    "playlist_is_following": ("TypeError", "spotipy passes the text of a warning as the warning category"),
}

EXPECTED = {
    "development": dict.fromkeys([
        "albums", "artist_related_artists", "artist_top_tracks", "artists", "audio_analysis", "audio_features",
        "audio_features_one", "available_markets", "categories", "category", "category_playlists",
        "current_user_saved_episodes_contains", "episodes", "featured_playlists", "get_audiobooks",
        "new_releases", "recommendation_genre_seeds", "shows",
        "tracks", "user", "user_playlist_create", "user_playlists", "current_user_unfollow_playlist",
    ], REMOVED) | {"recommendations": NOT_FOUND} | SPOTIPY,
    "extended": SPOTIPY,
}


def calls(mode):
    with Server("--quota", mode) as server:
        report = Report(f"spotipy {spotipy_version()} ({mode})", EXPECTED[mode])
        spotify = spotipy.Spotify(auth=server.access_token, requests_session=server.session())
        limit = 10 if mode == "development" else 50
        catalogue(report, spotify, limit)
        browse(report, spotify)
        library(report, spotify)
        playlists(report, spotify)
        player(report, spotify)
        return report.finish()


def spotipy_version():
    from importlib.metadata import version
    return version("spotipy")


def catalogue(report, spotify, limit):
    call = report.call
    has_id = lambda id: lambda result: result["id"] == id
    call("track", lambda: spotify.track(TRACK), has_id(TRACK))
    call("tracks", lambda: spotify.tracks([TRACK]), lambda it: it["tracks"][0]["id"] == TRACK)
    call("artist", lambda: spotify.artist(ARTIST), has_id(ARTIST))
    call("artists", lambda: spotify.artists([ARTIST]), lambda it: it["artists"][0]["id"] == ARTIST)
    first = call("artist_albums", lambda: spotify.artist_albums(ARTIST, limit=limit // 2),
                 lambda it: it["total"] == 29)
    second = call("next", lambda: spotify.next(first), lambda it: it["offset"] == limit // 2)
    call("previous", lambda: spotify.previous(second), lambda it: it["items"] == first["items"])
    call("artist_albums_groups", lambda: spotify.artist_albums(ARTIST, include_groups="single", limit=5))
    call("artist_top_tracks", lambda: spotify.artist_top_tracks(ARTIST), lambda it: len(it["tracks"]) == 10)
    call("artist_related_artists", lambda: spotify.artist_related_artists(ARTIST))
    call("album", lambda: spotify.album(ALBUM), has_id(ALBUM))
    call("album_market", lambda: spotify.album(ALBUM, market="IE"), has_id(ALBUM))
    call("albums", lambda: spotify.albums([ALBUM, LONG_ALBUM]), lambda it: len(it["albums"]) == 2)
    call("album_tracks", lambda: spotify.album_tracks(LONG_ALBUM), lambda it: len(it["items"]) == 50)
    call("show", lambda: spotify.show(SHOW), has_id(SHOW))
    call("shows", lambda: spotify.shows([SHOW]), lambda it: it["shows"][0]["id"] == SHOW)
    call("show_episodes", lambda: spotify.show_episodes(SHOW), lambda it: it["total"] == 56)
    call("episode", lambda: spotify.episode(EPISODE), has_id(EPISODE))
    call("episodes", lambda: spotify.episodes([EPISODE]), lambda it: it["episodes"][0]["id"] == EPISODE)
    call("get_audiobook", lambda: spotify.get_audiobook(AUDIOBOOK, market="IE"), has_id(AUDIOBOOK))
    call("get_audiobooks", lambda: spotify.get_audiobooks([AUDIOBOOK], market="IE"))
    call("get_audiobook_chapters", lambda: spotify.get_audiobook_chapters(AUDIOBOOK, market="IE"),
         lambda it: it["total"] == 53)
    call("search", lambda: spotify.search("tide", limit=limit), lambda it: it["tracks"]["limit"] == limit)
    call("search_types", lambda: spotify.search("a", limit=5, type="artist,album,playlist,show,episode,audiobook"),
         lambda it: len(it) == 6)
    call("search_filter", lambda: spotify.search("artist:lanterns year:2021", type="album"))
    call("search_markets", lambda: spotify.search_markets("tide", limit=2, markets=["IE", "SE"]))


def browse(report, spotify):
    call = report.call
    call("featured_playlists", spotify.featured_playlists, lambda it: it["playlists"]["total"] == 2)
    call("new_releases", lambda: spotify.new_releases(country="IE"), lambda it: it["albums"]["total"] == 33)
    call("categories", lambda: spotify.categories(country="IE", locale="en_IE"))
    call("category", lambda: spotify.category("party"), lambda it: it["name"] == "Party")
    call("category_playlists", lambda: spotify.category_playlists("party"))
    call("recommendations", lambda: spotify.recommendations(seed_tracks=[TRACK], limit=3, min_energy=0.1),
         lambda it: len(it["tracks"]) == 3)
    call("recommendation_genre_seeds", spotify.recommendation_genre_seeds)
    call("audio_analysis", lambda: spotify.audio_analysis(TRACK), lambda it: it["track"]["duration"] > 0)
    call("audio_features", lambda: spotify.audio_features([TRACK, TRACK]), lambda it: it[1]["id"] == TRACK)
    call("audio_features_one", lambda: spotify.audio_features(TRACK), lambda it: it[0]["id"] == TRACK)
    call("available_markets", spotify.available_markets, lambda it: "IE" in it["markets"])


def library(report, spotify):
    call = report.call
    call("me", spotify.me, lambda it: it["id"] == "orla.lantern")
    call("current_user", spotify.current_user)
    call("user", lambda: spotify.user("orla.lantern"), lambda it: it["type"] == "user")
    for kind, id in [("albums", ALBUM), ("tracks", TRACK), ("episodes", EPISODE), ("shows", SHOW)]:
        name = f"current_user_saved_{kind}"
        listed = getattr(spotify, name)
        call(name, lambda: listed(limit=5), lambda it: it["items"][0][kind[:-1]]["type"] == kind[:-1])
        call(f"{name}_delete", lambda: getattr(spotify, f"{name}_delete")([id]))
        call(f"{name}_contains", lambda: getattr(spotify, f"{name}_contains")([id]), lambda it: it == [False])
        call(f"{name}_add", lambda: getattr(spotify, f"{name}_add")([id]))
    uris = [f"spotify:track:{TRACK}", f"spotify:artist:{ARTIST}"]
    call("current_user_saved_items", lambda: spotify.current_user_saved_items(uris), lambda it: it == [True, True])
    first = call("current_user_followed_artists", lambda: spotify.current_user_followed_artists(limit=9),
                 lambda it: len(it["artists"]["items"]) == 9)
    call("current_user_followed_artists_next", lambda: spotify.next(first["artists"]))
    call("user_unfollow_artists", lambda: spotify.user_unfollow_artists([ARTIST]))
    call("current_user_following_artists", lambda: spotify.current_user_following_artists([ARTIST]),
         lambda it: it == [False])
    call("user_follow_artists", lambda: spotify.user_follow_artists([ARTIST]))
    user = "harbourkeeper"
    call("user_follow_users", lambda: spotify.user_follow_users([user]))
    call("current_user_following_users", lambda: spotify.current_user_following_users([user]),
         lambda it: it == [True])
    call("user_unfollow_users", lambda: spotify.user_unfollow_users([user]))
    call("current_user_top_artists", lambda: spotify.current_user_top_artists(time_range="short_term"))
    call("current_user_top_tracks", lambda: spotify.current_user_top_tracks(limit=7), lambda it: len(it["items"]) == 7)
    recent = call("current_user_recently_played", lambda: spotify.current_user_recently_played(limit=5))
    call("current_user_recently_played_before",
         lambda: spotify.current_user_recently_played(before=recent["cursors"]["before"]))


def playlists(report, spotify):
    call = report.call
    call("current_user_playlists", spotify.current_user_playlists,
         lambda it: it["items"][0]["items"]["total"] == it["items"][0]["tracks"]["total"] == 117)
    call("user_playlists", lambda: spotify.user_playlists("orla.lantern"), lambda it: it["total"] == 2)
    call("playlist", lambda: spotify.playlist(PLAYLIST, additional_types=("track", "episode")))
    call("playlist_fields", lambda: spotify.playlist(PLAYLIST, fields="name,items(total)"), lambda it: len(it) == 2)
    call("playlist_items", lambda: spotify.playlist_items(PLAYLIST), lambda it: it["total"] == 117)
    call("playlist_cover_image", lambda: spotify.playlist_cover_image(PLAYLIST), lambda it: len(it) == 3)
    created = call("current_user_playlist_create", lambda: spotify.current_user_playlist_create("Ferry", public=False))
    id = created["id"]
    total = lambda: spotify.playlist_items(id)["total"]
    call("user_playlist_create", lambda: spotify.user_playlist_create("orla.lantern", "Other ferry"))
    tracks = [it["id"] for it in spotify.album_tracks(LONG_ALBUM, limit=4)["items"]]
    call("playlist_add_items", lambda: spotify.playlist_add_items(id, tracks), lambda it: total() == 4)
    call("playlist_add_items_position", lambda: spotify.playlist_add_items(id, [TRACK], position=0))
    moved = call("playlist_reorder_items", lambda: spotify.playlist_reorder_items(id, 0, 3))
    call("playlist_reorder_items_snapshot",
         lambda: spotify.playlist_reorder_items(id, 0, 5, range_length=2, snapshot_id=moved["snapshot_id"]))
    call("playlist_remove_all_occurrences_of_items",
         lambda: spotify.playlist_remove_all_occurrences_of_items(id, [TRACK]), lambda it: total() == 4)
    call("playlist_remove_specific_occurrences_of_items",
         lambda: spotify.playlist_remove_specific_occurrences_of_items(id, [{"uri": tracks[0], "positions": [0]}]),
         lambda it: total() == 3)
    call("playlist_replace_items", lambda: spotify.playlist_replace_items(id, [TRACK]), lambda it: total() == 1)
    call("playlist_change_details", lambda: spotify.playlist_change_details(id, name="Slow ferry", description="x"))
    call("playlist_upload_cover_image", lambda: spotify.playlist_upload_cover_image(id, COVER))
    call("current_user_follow_playlist", lambda: spotify.current_user_follow_playlist(FOREIGN_PLAYLIST))
    call("playlist_is_following", lambda: spotify.playlist_is_following(FOREIGN_PLAYLIST, ["orla.lantern"]),
         lambda it: it == [True])
    call("current_user_unfollow_playlist", lambda: spotify.current_user_unfollow_playlist(FOREIGN_PLAYLIST))


def player(report, spotify):
    call = report.call
    call("devices", spotify.devices, lambda it: len(it["devices"]) == 2)
    call("current_playback", lambda: spotify.current_playback(additional_types="episode"),
         lambda it: it["item"]["id"] == TRACK)
    call("currently_playing", spotify.currently_playing)
    call("current_user_playing_track", spotify.current_user_playing_track)
    call("start_playback", spotify.start_playback)
    call("start_playback_context", lambda: spotify.start_playback(
        context_uri=f"spotify:playlist:{PLAYLIST}", offset={"position": 2}, position_ms=1000))
    call("start_playback_uris", lambda: spotify.start_playback(uris=[f"spotify:track:{TRACK}"], device_id=DEVICE))
    call("pause_playback", spotify.pause_playback, lambda it: not spotify.current_playback()["is_playing"])
    call("seek_track", lambda: spotify.seek_track(5000))
    call("repeat", lambda: spotify.repeat("context"))
    call("volume", lambda: spotify.volume(30))
    call("shuffle", lambda: spotify.shuffle(True), lambda it: spotify.current_playback()["shuffle_state"])
    call("add_to_queue", lambda: spotify.add_to_queue(f"spotify:episode:{EPISODE}"))
    call("queue", spotify.queue, lambda it: it["queue"][0]["id"] == EPISODE)
    call("next_track", spotify.next_track)
    call("previous_track", spotify.previous_track)
    call("transfer_playback", lambda: spotify.transfer_playback(OTHER_DEVICE),
         lambda it: spotify.current_playback()["device"]["id"] == OTHER_DEVICE)


def logins(is_rotating):
    options = ["--rotate"] if is_rotating else []
    mode = "with rotation" if is_rotating else "without rotation"
    with Server(*options) as server:
        report = Report(f"spotipy {spotipy_version()} logins ({mode})", {})
        call = report.call

        application = SpotifyClientCredentials(
            server.client_id, server.client_secret, requests_session=server.session(),
            cache_handler=MemoryCacheHandler())
        call("client_credentials", lambda: spotipy.Spotify(
            auth_manager=application, requests_session=server.session()).album(ALBUM))

        code = SpotifyOAuth(
            server.client_id, server.client_secret, REDIRECT_URI, scope=SCOPE, state="s1", open_browser=False,
            requests_session=server.session(), cache_handler=MemoryCacheHandler())
        address = call("code_consent", lambda: server.consent(code.get_authorize_url()),
                       lambda it: parameters(it)["state"] == "s1")
        token = call("code_exchange", lambda: code.get_access_token(code.parse_response_code(address)),
                     lambda it: set(it["scope"].split()) == set(SCOPE.split()))
        call("code_use", lambda: spotipy.Spotify(
            auth_manager=code, requests_session=server.session()).current_user_saved_tracks())
        refreshes(report, "code", code, token, is_rotating)

        pkce = SpotifyPKCE(
            server.public_client_id, REDIRECT_URI, state="s2", scope=SCOPE, open_browser=False,
            requests_session=server.session(), cache_handler=MemoryCacheHandler())
        address = call("pkce_consent", lambda: server.consent(pkce.get_authorize_url()))
        call("pkce_exchange", lambda: pkce.get_access_token(pkce.parse_response_code(address)))
        token = pkce.cache_handler.get_cached_token()
        call("pkce_use", lambda: spotipy.Spotify(
            auth_manager=pkce, requests_session=server.session()).current_user_top_tracks())
        refreshes(report, "pkce", pkce, token, is_rotating)
        return report.finish()


def refreshes(report, name, manager, token, is_rotating):
    old = token["refresh_token"]
    token = report.call(f"{name}_refresh", lambda: manager.refresh_access_token(old),
                        lambda it: (it["refresh_token"] != old) == is_rotating)
    report.call(f"{name}_refresh_again", lambda: manager.refresh_access_token(token["refresh_token"]))
    if is_rotating:
        # Reusing a rotated refresh token revokes all tokens of the login.
        newest = manager.cache_handler.get_cached_token()["refresh_token"]
        refused(report, f"{name}_reuse", manager, old)
        refused(report, f"{name}_after_reuse", manager, newest)


def refused(report, name, manager, refresh_token):
    def refresh():
        try:
            manager.refresh_access_token(refresh_token)
        except spotipy.SpotifyOauthError as error:
            return error.error
        return None
    report.call(name, refresh, lambda error: error == "invalid_grant")


run([lambda: calls("development"), lambda: calls("extended"), lambda: logins(False), lambda: logins(True)])
