"""The token of the moment: renewed ahead of its end and after a 401, once for all threads that send with it.

A token is replaced between requests, never under one. Must not know how one is had, or what it looks like.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from crmsync.errors import AccessDenied, TryLater, Unavailable

# Ahead of the end: longer than any one request may take (calls.TIMEOUT_S).
AHEAD_S = 300.0
# Before a renewal that failed, while the old token still serves, is tried again.
_AGAIN_S = 60.0
# Sessions of 15 minutes are the shortest Salesforce has: runs that are over sooner need not ask.
_ASK_AFTER_S = 600.0
Token = TypeVar("Token")


class CredentialRefused(AccessDenied):
    """The system knows the credential and says no: to ask again would only lock the user out."""


@dataclass(frozen=True, slots=True)
class Lasting(Generic[Token]):
    """A token that was just given, and for how many seconds it lives from now; `asks` if that is a guess."""

    token: Token
    lives_s: float
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Held(Generic[Token]):
    """A token in use, and when to take another (None: never).

    `asks_at` is when to ask how long it lives, None if that is known or cannot be.
    """

    token: Token
    due: float | None = None
    asks_at: float | None = None


class Keeper(Generic[Token]):
    """Who holds the token. `take` gets another one, `ask` says how long one still lives (None: nobody knows)."""

    def __init__(
        self,
        take: Callable[[], Lasting[Token]],
        tick: Callable[[], float],
        first: Token | None = None,
        ask: Callable[[Token], float | None] = lambda _token: None,
    ) -> None:
        self._take_one = take
        self._tick = tick
        self._ask = ask
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._refused: tuple[Token | None, CredentialRefused] | None = None
        self._held: _Held[Token] | None = None if first is None else _Held(first)

    def fresh(self) -> Token:
        """The token to send now: another one, if the end of the last is near. Remembered as this thread's."""
        with self._lock:
            held, now = self._held, self._tick()
            if held is None:
                held = self._take()
            elif held.due is not None and now >= held.due:
                held = self._take_ahead(held)
            elif held.asks_at is not None and now >= held.asks_at:
                held = self._held = self._known(held)
            self._mine.token = held.token
            return held.token

    def renew(self) -> None:
        """Takes another token in place of the one this thread sent last, unless another thread did.

        AccessDenied if that is refused: it is asked once, since many refusals lock a user out.
        Whatever else goes wrong is Unavailable or TryLater: without a token nothing was sent.
        """
        sent = getattr(self._mine, "token", None)
        with self._lock:
            if sent is self._token():
                self._take()

    def sent(self) -> Token | None:
        """The token that this thread sent last, None before its first request."""
        return getattr(self._mine, "token", None)

    def _token(self) -> Token | None:
        return None if self._held is None else self._held.token

    def _known(self, held: _Held[Token]) -> _Held[Token]:
        """The same token, with its end if that is told now."""
        left = self._ask(held.token)
        return replace(held, asks_at=None, due=held.due if left is None else self._due(left))

    def _take_ahead(self, held: _Held[Token]) -> _Held[Token]:
        """A new token before it is needed: if there is none to be had now, the old one still serves.

        After a refusal it serves to its end, and nobody asks again.
        """
        try:
            return self._take()
        except CredentialRefused:
            self._held = _Held(held.token)
        except (AccessDenied, Unavailable, TryLater):
            self._held = _Held(held.token, self._tick() + _AGAIN_S)
        return self._held

    def _take(self) -> _Held[Token]:
        if self._refused is not None and self._refused[0] is self._token():
            said = self._refused[1]
            raise AccessDenied(said.message, remedy=said.remedy, where=said.where)
        try:
            lasting = self._take_one()
        except CredentialRefused as refusal:
            self._refused = (self._token(), refusal)
            raise
        asks_at = self._tick() + _ASK_AFTER_S if lasting.asks else None
        self._held = _Held(lasting.token, self._due(lasting.lives_s), asks_at)
        return self._held

    def _due(self, lives_s: float) -> float:
        return self._tick() + lives_s - min(AHEAD_S, lives_s / 2)
