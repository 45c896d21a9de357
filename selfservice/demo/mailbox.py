"""The demo's mailbox: mails go to the console and to a page of the browser instead of to anybody."""

from collections import deque
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

KEPT = 50
_mails: deque[EmailMessage] = deque(maxlen=KEPT)


class DemoMailbox(EmailBackend):
    """Prints each mail as Django's console backend does, and keeps the latest for the page."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Deliver to the page first: the console may be closed."""
        _mails.extendleft(email_messages)
        return super().send_messages(list(email_messages)) or 0


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Show the latest mails, the newest first."""
    return render(request, "demo/mails.html", {"mails": list(_mails)})
