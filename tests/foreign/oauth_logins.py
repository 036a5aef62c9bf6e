"""Logins at the fake with authlib and requests-oauthlib: authorization code, PKCE, client credentials, refreshes."""

import os

import authlib
import requests_oauthlib
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from common import *
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError, OAuth2Error
from requests_oauthlib import OAuth2Session

AUTHORIZE = "https://accounts.spotify.com/authorize"
TOKEN = "https://accounts.spotify.com/api/token"
ALBUM_URL = f"https://api.spotify.com/v1/albums/{ALBUM}"
SAVED_URL = "https://api.spotify.com/v1/me/tracks"
SCOPE = "user-library-read user-top-read"
VERIFIER = "a-verifier-of-forty-three-characters-or-more.~_"


def mount(session, server):
    """Makes a `requests` session send its requests to the fake."""
    for host, adapter in server.session().adapters.items():
        if host in HOSTS:
            session.mount(host, adapter)
    session.trust_env = False
    return session


def raises(kind, function, error):
    """Returns whether the function raises an exception with this OAuth error."""
    try:
        function()
    except kind as raised:
        return raised.error == error
    return False


def with_authlib(is_rotating):
    with Server(*["--rotate"] * is_rotating) as server:
        mode = "with rotation" if is_rotating else "without rotation"
        report = Report(f"authlib {authlib.__version__} ({mode})", {})
        call = report.call

        def session(client_id, secret=None, **options):
            method = "client_secret_basic" if secret else "none"
            return mount(AuthlibSession(client_id, secret, token_endpoint_auth_method=method, **options), server)

        application = session(server.client_id, server.client_secret)
        call("client_credentials", lambda: application.fetch_token(TOKEN, grant_type="client_credentials"),
             lambda it: it["token_type"] == "Bearer" and "refresh_token" not in it)
        call("client_credentials_use", lambda: application.get(ALBUM_URL), lambda it: it.status_code == 200)
        in_form = mount(AuthlibSession(server.client_id, server.client_secret,
                                       token_endpoint_auth_method="client_secret_post"), server)
        call("client_credentials_in_form", lambda: in_form.fetch_token(TOKEN, grant_type="client_credentials"))
        wrong = session(server.client_id, "wrong")
        call("wrong_secret", lambda: raises(
            OAuthError, lambda: wrong.fetch_token(TOKEN, grant_type="client_credentials"), "invalid_client"))

        code = session(server.client_id, server.client_secret, redirect_uri=REDIRECT_URI, scope=SCOPE)
        url, state = code.create_authorization_url(AUTHORIZE)
        address = call("code_consent", lambda: server.consent(url), lambda it: parameters(it)["state"] == state)
        token = call("code_exchange", lambda: code.fetch_token(TOKEN, authorization_response=address, state=state),
                     lambda it: it["scope"] == SCOPE and it["expires_in"] == 3600)
        call("code_use", lambda: code.get(SAVED_URL), lambda it: it.status_code == 200)
        call("code_again", lambda: raises(
            OAuthError, lambda: code.fetch_token(TOKEN, authorization_response=address, state=state), "invalid_grant"))
        refreshes(report, "code", lambda old: code.refresh_token(TOKEN, refresh_token=old), token, is_rotating,
                  OAuthError)

        pkce = session(server.public_client_id, redirect_uri=REDIRECT_URI, scope=SCOPE, code_challenge_method="S256")
        url, state = pkce.create_authorization_url(AUTHORIZE, code_verifier=VERIFIER)
        assert create_s256_code_challenge(VERIFIER) in url
        address = call("pkce_consent", lambda: server.consent(url))
        call("pkce_wrong_verifier", lambda: raises(OAuthError, lambda: pkce.fetch_token(
            TOKEN, authorization_response=address, code_verifier=VERIFIER + "x"), "invalid_grant"))
        token = call("pkce_exchange", lambda: pkce.fetch_token(
            TOKEN, authorization_response=address, code_verifier=VERIFIER))
        call("pkce_use", lambda: pkce.get(SAVED_URL), lambda it: it.status_code == 200)
        refreshes(report, "pkce", lambda old: pkce.refresh_token(TOKEN, refresh_token=old), token, is_rotating,
                  OAuthError)
        return report.finish()


def with_requests_oauthlib(is_rotating):
    with Server(*["--rotate"] * is_rotating) as server:
        mode = "with rotation" if is_rotating else "without rotation"
        report = Report(f"requests-oauthlib {requests_oauthlib.__version__} ({mode})", {})
        call = report.call
        credentials = (server.client_id, server.client_secret)

        application = mount(OAuth2Session(client=BackendApplicationClient(server.client_id)), server)
        call("client_credentials", lambda: application.fetch_token(TOKEN, auth=credentials))
        call("client_credentials_use", lambda: application.get(ALBUM_URL), lambda it: it.status_code == 200)

        code = mount(OAuth2Session(server.client_id, redirect_uri=REDIRECT_URI, scope=SCOPE), server)
        url, state = code.authorization_url(AUTHORIZE, show_dialog="true")
        address = call("code_consent", lambda: server.consent(url), lambda it: parameters(it)["state"] == state)
        exchange = lambda: code.fetch_token(TOKEN, authorization_response=address, auth=credentials)
        token = call("code_exchange", exchange)
        call("code_use", lambda: code.get(SAVED_URL), lambda it: it.status_code == 200)
        call("code_again", lambda: raises(InvalidGrantError, exchange, "invalid_grant"))
        refreshes(report, "code", lambda old: code.refresh_token(TOKEN, refresh_token=old, auth=credentials), token,
                  is_rotating, OAuth2Error)

        pkce = mount(OAuth2Session(server.public_client_id, redirect_uri=REDIRECT_URI, scope=SCOPE, pkce="S256"), server)
        url, _ = pkce.authorization_url(AUTHORIZE)
        address = call("pkce_consent", lambda: server.consent(url))
        token = call("pkce_exchange", lambda: pkce.fetch_token(
            TOKEN, authorization_response=address, include_client_id=True))
        call("pkce_use", lambda: pkce.get(SAVED_URL), lambda it: it.status_code == 200)
        refresh = lambda old: pkce.refresh_token(TOKEN, refresh_token=old, client_id=server.public_client_id)
        refreshes(report, "pkce", refresh, token, is_rotating, OAuth2Error)
        return report.finish()


def refreshes(report, name, refresh, token, is_rotating, error):
    old = token["refresh_token"]
    token = report.call(f"{name}_refresh", lambda: dict(refresh(old)),
                        lambda it: (it.get("refresh_token", old) != old) == is_rotating)
    newest = report.call(f"{name}_refresh_again", lambda: dict(refresh(token.get("refresh_token", old))))
    if is_rotating:
        # Reusing a rotated refresh token revokes all tokens of the login.
        report.call(f"{name}_reuse", lambda: raises(error, lambda: refresh(old), "invalid_grant"))
        report.call(f"{name}_after_reuse",
                    lambda: raises(error, lambda: refresh(newest["refresh_token"]), "invalid_grant"))


# The redirect URI is a loopback address with plain HTTP, which the libraries reject by default.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

run([lambda library=library, is_rotating=is_rotating: library(is_rotating)
     for library in (with_authlib, with_requests_oauthlib) for is_rotating in (False, True)])
