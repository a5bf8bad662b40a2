"""A night told to people: by e-mail through Airflow's SMTP connection, and to a webhook; as the settings say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from markupsafe import Markup, escape

from tonghop.errors import TonghopError
from tonghop.orchestration.watching import Moment, NightWatcher
from tonghop.reports.night_summary import Both, as_data, headline, looks, paragraph, plain
from tonghop.settings import Settings, settings

_SECONDS = 15.0
_SUBJECT_CHARS = 160


class NightNotifier(NightWatcher):
    """Send the night's paragraph to whom the settings name; nobody named, nothing sent."""

    def is_wanted(self) -> bool:
        """Whether an e-mail address or a webhook is configured."""
        return bool(_addresses(settings()) or _webhook(settings()))

    def tell(self, moment: Moment, context: Any) -> None:
        """Send to each channel; one that cannot be reached does not keep the other from being tried."""
        quiet = moment.problem is None and moment.night is not None and moment.night.is_green
        if quiet and settings().notify == "problems":
            self.log.info("The night is green: nobody is told (TONGHOP_NOTIFY=problems).")
            return
        told = {"e-mail": self._send_mail, "webhook": self._post}
        wanted = {"e-mail": _addresses(settings()), "webhook": _webhook(settings())}
        for channel, send in told.items():
            if wanted[channel]:
                self._try(channel, lambda send=send: send(moment, context))  # type: ignore[misc]

    def _try(self, channel: str, send: Callable[[], None]) -> None:
        try:
            send()
            self.log.info("The night was told by %s.", channel)
        except Exception as problem:  # a night is not worse for nobody having heard of it
            self.log.error("The night could not be told by %s: %s See docs/watching.md; 'tonghop summary' shows it.",
                           channel, plain(str(problem)).rstrip(".") + ".")

    def _send_mail(self, moment: Moment, context: Any) -> None:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        vi, en = _text(moment)
        body = Markup("<p>{}</p>\n<p lang=\"en\">{}</p>\n").format(vi, en)
        if moment.address:
            body += Markup("<p><a href=\"{0}\">{0}</a></p>\n").format(escape(moment.address))
        # Called directly, not as a callback: what provinces wrote is no template.
        SmtpNotifier(to=_addresses(settings()), subject=_subject(moment), html_content=str(body)).notify(context)

    def _post(self, moment: Moment, context: Any) -> None:
        url = _webhook(settings())
        if urlsplit(url).scheme not in ("http", "https"):
            raise TonghopError("TONGHOP_NOTIFY_WEBHOOK is no http(s) address.")
        with _unlogged(), httpx.Client(timeout=_SECONDS, transport=httpx.HTTPTransport(retries=2)) as client:
            try:
                answer = client.post(url, json=payload(moment))
            except (httpx.HTTPError, httpx.InvalidURL) as problem:  # its text may repeat the address, a secret
                raise TonghopError(f"{urlsplit(url).hostname} does not answer ({type(problem).__name__}).") from None
        if not answer.is_success:
            raise TonghopError(f"{urlsplit(url).hostname} answers {answer.status_code}.")


def payload(moment: Moment) -> dict[str, Any]:
    """What a webhook gets: ``text`` for a chat, and the night's numbers for a machine."""
    vi, en = _text(moment)
    night = as_data(moment.night) if moment.night is not None else {"status": "failed", "is_green": False}
    return {"text": "\n\n".join(filter(None, (vi, en, moment.address))), "vi": vi, "en": en, **night,
            "dag_run": moment.dag_run, "task": moment.task_id, "task_problem": moment.problem,
            "address": moment.address}


def _text(moment: Moment) -> Both:
    if moment.night is None:
        return _unread(moment)
    vi, en = paragraph(moment.night, looks(settings(), moment.night))
    if moment.problem is None or moment.night.run["status"] in ("held", "rejected", "superseded", "failed"):
        return vi, en  # the paragraph says why
    return (f"{vi} Bước {moment.task_id} hỏng sau đó: {moment.problem}",
            f"{en} After that the step {moment.task_id} failed: {moment.problem}")


def _unread(moment: Moment) -> Both:
    return (f"Đêm không chạy được: bước {moment.task_id} của {moment.dag_run} hỏng: {moment.problem}",
            f"The night did not run: step {moment.task_id} of {moment.dag_run} failed: {moment.problem}")


def _subject(moment: Moment) -> str:
    said = headline(moment.night)[0] if moment.night is not None else _unread(moment)[0]
    return plain(f"Tổng hợp: {said}")[:_SUBJECT_CHARS]


def _addresses(settings: Settings) -> list[str]:
    return [each.strip() for each in settings.notify_email.split(",") if each.strip()]


def _webhook(settings: Settings) -> str:
    return settings.notify_webhook.get_secret_value().strip() if settings.notify_webhook else ""


@contextmanager
def _unlogged() -> Iterator[None]:
    """httpx logs each address it calls; that of a webhook is a secret."""
    logger = logging.getLogger("httpx")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
