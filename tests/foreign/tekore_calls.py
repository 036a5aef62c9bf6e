"""Tests the fake with tekore: more than sixty different calls in both quota modes, and all login flows."""

import httpx
import pydantic
import tekore
from common import *

NOT_FOUND = ("404", "recommendations are not available in development mode, which responds with 404")
REMOVED = ("Forbidden", "the operation is not available in development mode")
TRACKS = ("Forbidden", "tekore requests playlists/{id}/tracks, which is not available in development mode")


def missing(field):
    return (f"{field}\n  Field required", "tekore requires a field that is omitted in development mode")


# Errors in the client that also occur with Spotify.
TEKORE = {
    "audiobooks": ("404: Service not found", "tekore requests `audiobook?ids=`, which does not exist"),
    "playlist": ("'NoneType' object has no attribute 'lower'", "tekore cannot parse a local file: its album has no type"),
}
TEKORE["playlist_items_mixed"] = TEKORE["playlist"]

DEVELOPMENT = (
    dict.fromkeys([
        "albums", "artist_related_artists", "artist_top_tracks", "artists", "artists_follow", "artists_is_following",
        "artists_unfollow", "categories", "category", "category_playlists", "chapters", "episodes",
        "featured_playlists", "markets", "new_releases", "playlist_create", "playlist_follow", "playlist_is_following",
        "playlist_unfollow", "playlists", "recommendation_genre_seeds", "saved_albums_add",
        "saved_albums_contains", "saved_albums_delete", "saved_episodes_add", "saved_episodes_contains",
        "saved_episodes_delete", "saved_shows_add", "saved_shows_contains", "saved_shows_delete", "saved_tracks_add",
        "saved_tracks_contains", "saved_tracks_delete", "shows", "track_audio_analysis", "track_audio_features",
        "tracks", "tracks_audio_features", "user", "users_follow", "users_is_following", "users_unfollow",
    ], REMOVED)
    | {"recommendations": NOT_FOUND}
    | dict.fromkeys([
        "playlist_add", "playlist_add_position", "playlist_clear", "playlist_items", "playlist_items_episode",
        "playlist_items_mixed", "playlist_remove", "playlist_reorder", "playlist_reorder_snapshot",
        "playlist_replace",
    ], TRACKS)
    | dict.fromkeys([
        "current_user_top_tracks", "playback_recently_played", "playback_recently_played_before", "playback",
        "playback_currently_playing", "playback_queue", "saved_tracks", "search_tracks", "track", "track_market",
    ], missing("popularity"))
    | dict.fromkeys(["artist", "current_user_top_artists", "followed_artists", "search_artists"], missing("followers"))
    | dict.fromkeys(["album", "album_market", "saved_albums"], missing("label"))
    | dict.fromkeys([
        "audiobook", "chapter", "episode", "saved_episodes", "saved_shows", "search_audiobooks", "search_shows", "show",
    ], missing("publisher"))
    | dict.fromkeys(["playlist_private"], missing("tracks"))
)

EXPECTED = {
    "development": TEKORE | DEVELOPMENT,
    "extended": TEKORE,
}


# Fields that are omitted in development mode. The removal of `genres` is not documented.
REMOVED_FIELDS = {"available_markets", "followers", "genres", "label", "popularity", "publisher", "tracks"}


def only_removed_fields(function):
    """Calls the function. Fails if a model lacks a field, unless the field is omitted in development mode."""
    try:
        return function()
    except pydantic.ValidationError as error:
        # If a field accepts several models, the value must match one of them except for the omitted fields.
        places = {}
        for fault in error.errors():
            parts = [str(part) for part in fault["loc"]]
            branch = next((at for at, part in enumerate(parts) if part[0].isupper()), None)
            place, model = (tuple(parts[:branch]), parts[branch]) if branch is not None else ((), "")
            is_removed = fault["type"] == "missing" and parts[-1] in REMOVED_FIELDS
            places.setdefault(place, {}).setdefault(model, []).extend([] if is_removed else [f"{parts}: {fault['msg']}"])
        for models in places.values():
            if all(models.values()):
                raise AssertionError(min(models.values(), key=len)) from error
        raise


class StrictReport(Report):
    def call(self, name, function, check=lambda result: True):
        return super().call(name, lambda: only_removed_fields(function), check)


def mapped(server):
    """Returns a tekore sender that sends its requests to the fake."""
    class Transport(httpx.HTTPTransport):
        def handle_request(self, request):
            request.url = httpx.URL(server.local(request.url))
            request.headers["host"] = request.url.netloc.decode()
            return super().handle_request(request)

    return tekore.SyncSender(httpx.Client(transport=Transport(), trust_env=False))


def version():
    return tekore.__version__


def calls(mode):
    with Server("--quota", mode) as server:
        report = StrictReport(f"tekore {version()} ({mode})", EXPECTED[mode])
        spotify = tekore.Spotify(server.access_token, sender=mapped(server))
        limit = 10 if mode == "development" else 50
        catalogue(report, spotify, limit)
        browse(report, spotify)
        library(report, spotify)
        playlists(report, spotify)
        player(report, spotify)
        spotify.close()
        return report.finish()


def catalogue(report, spotify, limit):
    call = report.call
    has_id = lambda id: lambda result: result.id == id
    call("track", lambda: spotify.track(TRACK), has_id(TRACK))
    call("track_market", lambda: spotify.track(TRACK, market="IE"), has_id(TRACK))
    call("tracks", lambda: spotify.tracks([TRACK]), lambda it: it[0].id == TRACK)
    call("artist", lambda: spotify.artist(ARTIST), has_id(ARTIST))
    call("artists", lambda: spotify.artists([ARTIST]), lambda it: it[0].id == ARTIST)
    first = call("artist_albums", lambda: spotify.artist_albums(ARTIST, limit=limit // 2), lambda it: it.total == 29)
    second = call("next", lambda: spotify.next(first), lambda it: it.offset == limit // 2)
    call("previous", lambda: spotify.previous(second), lambda it: it.items == first.items)
    call("all_items", lambda: list(spotify.all_items(first)), lambda it: len(it) == 29)
    call("artist_albums_groups", lambda: spotify.artist_albums(ARTIST, include_groups=["single"], limit=5))
    call("artist_top_tracks", lambda: spotify.artist_top_tracks(ARTIST, "IE"), lambda it: len(it) == 10)
    call("artist_related_artists", lambda: spotify.artist_related_artists(ARTIST))
    call("album", lambda: spotify.album(ALBUM), has_id(ALBUM))
    call("album_market", lambda: spotify.album(ALBUM, market="IE"), has_id(ALBUM))
    call("albums", lambda: spotify.albums([ALBUM, LONG_ALBUM]), lambda it: len(it) == 2)
    call("album_tracks", lambda: spotify.album_tracks(LONG_ALBUM, limit=50), lambda it: len(it.items) == 50)
    call("show", lambda: spotify.show(SHOW), has_id(SHOW))
    call("shows", lambda: spotify.shows([SHOW]), lambda it: it[0].id == SHOW)
    call("show_episodes", lambda: spotify.show_episodes(SHOW), lambda it: it.total == 56)
    call("episode", lambda: spotify.episode(EPISODE), has_id(EPISODE))
    call("episodes", lambda: spotify.episodes([EPISODE]), lambda it: it[0].id == EPISODE)
    call("audiobook", lambda: spotify.audiobook(AUDIOBOOK, market="IE"), has_id(AUDIOBOOK))
    call("audiobooks", lambda: spotify.audiobooks([AUDIOBOOK], market="IE"))
    call("audiobook_chapters", lambda: spotify.audiobook_chapters(AUDIOBOOK, market="IE"), lambda it: it.total == 53)
    call("chapter", lambda: spotify.chapter(CHAPTER, market="IE"), has_id(CHAPTER))
    call("chapters", lambda: spotify.chapters([CHAPTER], market="IE"))
    call("search_tracks", lambda: spotify.search("tide", limit=limit), lambda it: it[0].limit == limit)
    call("search_artists", lambda: spotify.search("lanterns", types=("artist",), limit=5))
    call("search_albums", lambda: spotify.search("artist:lanterns year:2021", types=("album",), limit=5))
    call("search_playlists", lambda: spotify.search("lamps", types=("playlist",), limit=5))
    call("search_shows", lambda: spotify.search("weather", types=("show",), limit=5))
    call("search_episodes", lambda: spotify.search("a", types=("episode",), limit=5))
    call("search_audiobooks", lambda: spotify.search("salt", types=("audiobook",), limit=5))


def browse(report, spotify):
    call = report.call
    call("featured_playlists", spotify.featured_playlists, lambda it: it[1].total == 2)
    call("new_releases", spotify.new_releases, lambda it: it.total == 33)
    call("categories", spotify.categories, lambda it: it.total == 4)
    call("category", lambda: spotify.category("party"), lambda it: it.name == "Party")
    call("category_playlists", lambda: spotify.category_playlists("party"), lambda it: it.total == 2)
    call("recommendations", lambda: spotify.recommendations(track_ids=[TRACK], genres=["folk"], limit=3),
         lambda it: len(it.tracks) == 3)
    call("recommendation_genre_seeds", spotify.recommendation_genre_seeds, lambda it: "folk" in it)
    call("track_audio_analysis", lambda: spotify.track_audio_analysis(TRACK), lambda it: len(it.segments) == 2)
    call("track_audio_features", lambda: spotify.track_audio_features(TRACK), lambda it: it.id == TRACK)
    call("tracks_audio_features", lambda: spotify.tracks_audio_features([TRACK]), lambda it: it[0].id == TRACK)
    call("markets", spotify.markets, lambda it: "IE" in it)


def library(report, spotify):
    call = report.call
    call("current_user", spotify.current_user, lambda it: it.id == "orla.lantern")
    call("user", lambda: spotify.user("orla.lantern"), lambda it: it.type == "user")
    for kind, id in [("albums", ALBUM), ("tracks", TRACK), ("episodes", EPISODE), ("shows", SHOW)]:
        name = f"saved_{kind}"
        listed = getattr(spotify, name)
        call(name, lambda: listed(limit=5), lambda it: getattr(it.items[0], kind[:-1]).type == kind[:-1])
        call(f"{name}_delete", lambda: getattr(spotify, f"{name}_delete")([id]))
        call(f"{name}_contains", lambda: getattr(spotify, f"{name}_contains")([id]), lambda it: it == [False])
        call(f"{name}_add", lambda: getattr(spotify, f"{name}_add")([id]))
    call("followed_artists", lambda: spotify.followed_artists(limit=9), lambda it: len(it.items) == 9)
    call("artists_unfollow", lambda: spotify.artists_unfollow([ARTIST]))
    call("artists_is_following", lambda: spotify.artists_is_following([ARTIST]), lambda it: it == [False])
    call("artists_follow", lambda: spotify.artists_follow([ARTIST]))
    call("users_follow", lambda: spotify.users_follow(["harbourkeeper"]))
    call("users_is_following", lambda: spotify.users_is_following(["harbourkeeper"]), lambda it: it == [True])
    call("users_unfollow", lambda: spotify.users_unfollow(["harbourkeeper"]))
    call("current_user_top_artists", lambda: spotify.current_user_top_artists(time_range="short_term"))
    call("current_user_top_tracks", lambda: spotify.current_user_top_tracks(limit=7), lambda it: len(it.items) == 7)
    recent = call("playback_recently_played", lambda: spotify.playback_recently_played(limit=5))
    call("playback_recently_played_before",
         lambda: spotify.playback_recently_played(limit=2, before=recent.cursors.before if recent else 1_795_390_000_000))


def playlists(report, spotify):
    call = report.call
    call("followed_playlists", spotify.followed_playlists)
    call("playlists", lambda: spotify.playlists("orla.lantern"), lambda it: it.total == 2)
    call("playlist", lambda: spotify.playlist(PLAYLIST))
    call("playlist_private", lambda: spotify.playlist(PRIVATE_PLAYLIST), lambda it: it.id == PRIVATE_PLAYLIST)
    call("playlist_fields", lambda: spotify.playlist(PLAYLIST, fields="name,items(total)"), lambda it: len(it) == 2)
    call("playlist_as_tracks", lambda: spotify.playlist(PLAYLIST, as_tracks=True), lambda it: it["id"] == PLAYLIST)
    call("playlist_items", lambda: spotify.playlist_items(PRIVATE_PLAYLIST), lambda it: it.total == 3)
    call("playlist_items_episode", lambda: spotify.playlist_items(PLAYLIST, limit=3),
         lambda it: it.items[1].item.type == "episode")
    call("playlist_items_mixed", lambda: spotify.playlist_items(PLAYLIST, limit=50), lambda it: it.total == 117)
    call("playlist_cover_image", lambda: spotify.playlist_cover_image(PLAYLIST), lambda it: len(it) == 3)
    created = call("playlist_create", lambda: spotify.playlist_create("orla.lantern", "Ferry", public=False))
    id = created.id if created else PRIVATE_PLAYLIST
    total = lambda: spotify.playlist_items(id).total
    uris = [f"spotify:track:{it.id}" for it in spotify.album_tracks(LONG_ALBUM, limit=4).items]
    call("playlist_add", lambda: spotify.playlist_add(id, uris), lambda it: total() == 4)
    call("playlist_add_position", lambda: spotify.playlist_add(id, [f"spotify:track:{TRACK}"], position=0))
    moved = call("playlist_reorder", lambda: spotify.playlist_reorder(id, 0, 3))
    call("playlist_reorder_snapshot", lambda: spotify.playlist_reorder(id, 0, 5, range_length=2, snapshot_id=moved))
    call("playlist_remove", lambda: spotify.playlist_remove(id, [f"spotify:track:{TRACK}"]), lambda it: total() == 4)
    call("playlist_replace", lambda: spotify.playlist_replace(id, uris[:2]), lambda it: total() == 2)
    call("playlist_clear", lambda: spotify.playlist_clear(id), lambda it: total() == 0)
    call("playlist_change_details", lambda: spotify.playlist_change_details(id, name="Slow ferry"))
    call("playlist_cover_image_upload", lambda: spotify.playlist_cover_image_upload(id, COVER))
    call("playlist_follow", lambda: spotify.playlist_follow(FOREIGN_PLAYLIST))
    call("playlist_is_following", lambda: spotify.playlist_is_following(FOREIGN_PLAYLIST, ["orla.lantern"]),
         lambda it: it == [True])
    call("playlist_unfollow", lambda: spotify.playlist_unfollow(FOREIGN_PLAYLIST))


def player(report, spotify):
    call = report.call
    call("playback_devices", spotify.playback_devices, lambda it: len(it) == 2)
    call("playback", spotify.playback, lambda it: it.item.id == TRACK)
    call("playback_currently_playing", spotify.playback_currently_playing, lambda it: it.item.id == TRACK)
    call("playback_resume", spotify.playback_resume)
    call("playback_start_context",
         lambda: spotify.playback_start_context(f"spotify:playlist:{PLAYLIST}", offset=2, position_ms=1000))
    call("playback_start_tracks", lambda: spotify.playback_start_tracks([TRACK], device_id=DEVICE))
    call("playback_pause", spotify.playback_pause)
    call("playback_seek", lambda: spotify.playback_seek(5000))
    call("playback_repeat", lambda: spotify.playback_repeat("context"))
    call("playback_volume", lambda: spotify.playback_volume(30))
    call("playback_shuffle", lambda: spotify.playback_shuffle(True))
    call("playback_queue_add", lambda: spotify.playback_queue_add(f"spotify:episode:{EPISODE}"))
    call("playback_queue", spotify.playback_queue, lambda it: it.queue[0].id == EPISODE)
    call("playback_next", spotify.playback_next)
    call("playback_previous", spotify.playback_previous)
    call("playback_transfer", lambda: spotify.playback_transfer(OTHER_DEVICE, force_play=True))


def logins(is_rotating):
    options = ["--rotate"] if is_rotating else []
    mode = "with rotation" if is_rotating else "without rotation"
    with Server("--quota", "extended", *options) as server:
        report = StrictReport(f"tekore {version()} logins ({mode})", {})
        call = report.call
        sender = mapped(server)
        scope = tekore.Scope("user-library-read", "user-top-read")

        application = tekore.Credentials(server.client_id, server.client_secret, REDIRECT_URI, sender=sender)
        token = call("client_credentials", application.request_client_token)
        call("client_credentials_use", lambda: tekore.Spotify(token, sender=sender).artist(ARTIST))

        address = call("code_consent",
                       lambda: server.consent(application.user_authorisation_url(scope, state="s1")),
                       lambda it: parameters(it)["state"] == "s1")
        token = call("code_exchange", lambda: application.request_user_token(parameters(address)["code"]),
                     lambda it: it.scope == scope)
        call("code_use", lambda: tekore.Spotify(token, sender=sender).saved_tracks(limit=1))
        refreshes(report, "code", application.refresh_user_token, token, is_rotating)
        call("code_again", lambda: refused(lambda: application.request_user_token(parameters(address)["code"])))

        public = tekore.Credentials(server.public_client_id, redirect_uri=REDIRECT_URI, sender=sender)
        address, verifier = public.pkce_user_authorisation(scope, state="s2")
        address = call("pkce_consent", lambda: server.consent(address))
        token = call("pkce_exchange", lambda: public.request_pkce_token(parameters(address)["code"], verifier))
        call("pkce_use", lambda: tekore.Spotify(token, sender=sender).saved_shows(limit=1))
        refreshes(report, "pkce", public.refresh_pkce_token, token, is_rotating)
        sender.client.close()
        return report.finish()


def refreshes(report, name, refresh, token, is_rotating):
    old = token.refresh_token
    token = report.call(f"{name}_refresh", lambda: refresh(old),
                        lambda it: (it.refresh_token != old) == is_rotating)
    newest = report.call(f"{name}_refresh_again", lambda: refresh(token.refresh_token))
    if is_rotating:
        # Reusing a rotated refresh token revokes all tokens of the login.
        report.call(f"{name}_reuse", lambda: refused(lambda: refresh(old)))
        report.call(f"{name}_after_reuse", lambda: refused(lambda: refresh(newest.refresh_token)))


def refused(function):
    try:
        function()
    except tekore.BadRequest as error:
        return "invalid_grant" in str(error)
    return False


run([lambda: calls("development"), lambda: calls("extended"), lambda: logins(False), lambda: logins(True)])
