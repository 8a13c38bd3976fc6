"""The server of the review page: what it shows and what it keeps."""

from __future__ import annotations

import json
import socket
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final

from pipelines.answers.events import FINDING, ISSUE, LEVELS, THEME
from pipelines.answers.standing import known_slugs
from pipelines.errors import FindingsError, MissingExtra, SettingsError
from pipelines.review.card import Cards, question_of
from pipelines.review.door import HEADERS, HOST, Door, refusal
from pipelines.review.edits import WHOLE, edit_issue
from pipelines.review.orders import Order
from pipelines.review.session import Session

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse, RedirectResponse, Response
    from starlette.routing import Route
except ModuleNotFoundError as error:
    raise MissingExtra("the review page", "review") from error

_LONGEST: Final = 100_000  # bytes of a request
_STATIC: Final = {"review.js": "text/javascript", "review.css": "text/css"}

Handler = Callable[[Request], Awaitable[Response]]
Told = dict[str, Any]


class Server:
    """A review page on a free port.

    Args:
        session: The run and its answers.
        who: Name that the page begins with.
        order: Order that the page begins with.
        port: Of this machine; 0 for a free one.
    """

    def __init__(self, session: Session, *, who: str, order: str = "", port: int = 0) -> None:
        self.session = session
        self.cards = Cards(session)
        self._rows = {str(row): row for row in range(len(session.ids))}
        self.who = who
        self.order = order
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, port))
        self._socket.listen()  # who asks before the server runs waits, and is not turned away
        self.door = Door(self._socket.getsockname()[1])
        self.token, self.port = self.door.token, self.door.port
        config = uvicorn.Config(
            self.application(), log_level="warning", access_log=False, server_header=False
        )
        self._server = uvicorn.Server(config)

    @property
    def origin(self) -> str:
        """Where the page is, without its token."""
        return self.door.origin

    @property
    def address(self) -> str:
        """What is opened in a browser."""
        return f"{self.origin}/?token={self.token}"

    def run(self) -> None:
        """Serve until stopped."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End a server that runs in another thread."""
        self._server.should_exit = True

    def application(self) -> Starlette:
        """Return the application behind the page."""
        changes = {
            "/answer": self._answer,
            "/label": self._label,
            "/memo": self._memo,
            "/undo": self._undo,
            "/edit": self._edit,
            "/count": self._count,
        }
        routes = [
            Route("/", self._guarded(self._page)),
            Route("/static/{name}", self._guarded(self._static)),
            Route("/next", self._guarded(self._threaded(self._next))),
            Route("/why", self._guarded(self._threaded(self._why))),
            Route("/picture/{row}", self._guarded(self._picture)),
            *(
                Route(path, self._guarded(self._threaded(done), change=True), methods=["POST"])
                for path, done in changes.items()
            ),
        ]
        return Starlette(routes=routes)

    def _guarded(self, handler: Handler, *, change: bool = False) -> Handler:
        async def guarded(request: Request) -> Response:
            refused = self.door.refused(request, change=change)
            response = refused or await handler(request)
            response.headers.update(HEADERS)
            return response

        return guarded

    async def _page(self, request: Request) -> Response:
        if "token" in request.query_params:  # so that it stands in no history and no referrer
            response: Response = RedirectResponse("/", status_code=303)
            response.set_cookie(self.door.cookie, self.token, httponly=True, samesite="strict")
            return response
        from jinja2 import Environment, PackageLoader

        page = Environment(
            loader=PackageLoader("pipelines.review"), autoescape=True, trim_blocks=True
        ).get_template("review.html.j2")
        findings = self.session.tables["findings"]
        units = sorted({str(unit) for unit in findings["unit"].dropna()})
        text = page.render(
            token=self.token,
            who=self.who,
            order=self.order,
            units=units,
            themes=_themes(),
            issues=_issues(self.session),
            title=self.session.folder.resolve().name,
        )
        return Response(text, media_type="text/html")

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return refusal("there is no such file", 404)
        data = (files("pipelines.review") / "templates" / name).read_bytes()
        return Response(data, media_type=_STATIC[name])

    async def _picture(self, request: Request) -> Response:
        row = self._rows.get(request.path_params["row"])
        if row is None:
            return refusal("there is no such finding", 404)
        png = await run_in_threadpool(self.cards.picture, row)
        return Response(png, media_type="image/png") if png else refusal("no picture", 404)

    def _threaded(self, work: Callable[[Told], Told]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                given = await _told(request)
                done = await run_in_threadpool(work, given)
            except FindingsError as error:
                return refusal(str(error), 400)
            return JSONResponse(done)

        return handler

    def _next(self, given: Told) -> Told:
        who, order = _who(given), self._order(given)
        question = self.session.next_question(who, order)
        card = None if question is None else self.cards.card(question)
        return {"card": card, **self._state(who, ISSUE if order.name == ISSUE else THEME)}

    def _why(self, given: Told) -> Told:
        level, slug = (str(given.get(name) or "") for name in ("level", "slug"))
        row = self._rows.get(str(given.get("row")))
        if row is None or slug not in known_slugs().get(level, ()):
            raise SettingsError("why: expected row, level and slug of a question")
        return {"marks": self.cards.explain(row, level, slug)}

    def _answer(self, given: Told) -> Told:
        self.session.answer(
            _who(given),
            question_of(given),
            str(given.get("answer")),
            order=str(given.get("order") or "").partition(":")[0],
            event_id=str(given.get("id") or ""),
        )
        return {"saved": True}

    def _label(self, given: Told) -> Told:
        chosen = given.get("chosen")
        if not isinstance(chosen, dict) or not all(
            level in LEVELS and isinstance(slugs, list) for level, slugs in chosen.items()
        ):
            raise SettingsError("chosen: expected lists of slugs by level")
        question, who = question_of(given), _who(given)
        order = str(given.get("order") or "").partition(":")[0]
        for level, slugs in chosen.items():
            self.session.label(
                who,
                type(question)(question.finding, level, resolves=question.resolves),
                [str(slug) for slug in slugs],
                order=order,
                event_id=f"{given.get('id')}-{level}" if given.get("id") else "",
            )
        return {"saved": True}

    def _memo(self, given: Told) -> Told:
        level, who = str(given.get("on")), _who(given)
        row = given.get("row")
        if not isinstance(row, int) or not 0 <= row < len(self.session.ids):
            raise SettingsError("memo: expected the row of a finding")
        subject = self.session.ids[row] if level == FINDING else str(given.get("subject") or "")
        at = row if level == FINDING else None
        self.session.write_memo(who, level, subject, str(given.get("text") or ""), finding=at)
        return {"saved": True}

    def _undo(self, given: Told) -> Told:
        who = _who(given)
        event = self.session.undo(who)
        question = None if event is None else self.session.question_of(event)
        card = None if question is None else self.cards.card(question)
        level = THEME if question is None else question.level
        return {"card": card, "undone": event is not None, **self._state(who, level)}

    def _edit(self, given: Told) -> Told:
        do = str(given.get("do"))
        if do not in WHOLE:
            raise SettingsError(f"edit: got {do[:20]!r}; expected one of {', '.join(WHOLE)}")
        issue, into, name = (str(given.get(key) or "") for key in ("issue", "into", "name"))
        edit_issue(self.session, _who(given), do, issue, into=into, name=name)
        return {"saved": True}

    def _count(self, given: Told) -> Told:
        from pipelines.flow import recount

        _ = given
        run = recount(self.session.folder, wait=30.0, answers=self._own_folder())
        self.session.run = run
        return {"saved": True, "report": str(run.report or "")}

    def _own_folder(self) -> str | None:
        return None if self.session.store.beside else str(self.session.store.folder)

    def _order(self, given: Told) -> Order:
        return Order.parse(str(given.get("order") or ""), self.session.tables["findings"])

    def _state(self, who: str, level: str) -> Told:
        at = self.session.progress(who, level)
        return {
            "progress": {
                "of": level,
                "settled": at.table.settled,
                "precision": round(at.table.precision, 4),
                "recall": round(at.table.recall, 4),
                "questions": at.table.questions,
                "target": at.table.target,
                "wrong": self.session.cells[level].wrong,
                "answered": at.answered,
                "findings": len(self.session.ids),
                "mine": at.questions,
            },
            "damaged": list(self.session.damaged[:3]),
        }


def _themes() -> list[tuple[str, str]]:
    from pipelines.codebook import load_codebook

    return [(theme.slug, theme.name) for theme in load_codebook().themes]


def _issues(session: Session) -> list[tuple[str, str, str]]:
    """Return the issues that the run lists: id, name, slug of the subject or nothing."""
    listed = session.run.tables.get("issues")
    if listed is None:
        return []
    rows = zip(listed["issue_id"], listed["label"], listed["subject"].fillna(""), strict=True)
    return sorted(rows, key=lambda row: (str(row[1]), row[0]))


def _who(given: Told) -> str:
    who = " ".join(str(given.get("who") or "").split())
    if not who:
        raise SettingsError("who: give your name first")
    return who


async def _told(request: Request) -> Told:
    if request.method == "GET":
        return dict(request.query_params)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            raise SettingsError(f"the request is over {_LONGEST} bytes")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SettingsError("the request is not JSON") from error
    if not isinstance(found, dict):
        raise SettingsError("the request is no object")
    return found
