"""What all pages of one person's data sets have in common; whose they are is decided before anything else happens."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from ..audit import Action
from ..crowd import NoRoom, full_page, share
from ..errors import gym_error_page, not_allowed, too_often, trouble_page
from ..perfectgym.client import PAGE_SECONDS, Deadline
from ..perfectgym.errors import GymError
from ..signin import limits
from ..signin.session import end_others, renew_key, renew_key_later
from ..troubles import ENDED
from . import DATA_SETS, history, words
from .access import Access, NoAccess
from .base import DataSet
from .pages import card, is_not_offered

logger = logging.getLogger(__name__)

LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


class DataSetsView(View):
    """What all pages have in common: the access, and until when the page has to be there."""

    methods: tuple[str, ...] = ("GET", "HEAD", "POST")
    access: Access
    deadline: Deadline

    def dispatch(self, request: HttpRequest, *_args: Any, access: Callable[..., Access], **kwargs: Any) -> HttpResponse:
        """Find out whose data this is before anything else happens."""
        self.deadline = Deadline.after(PAGE_SECONDS)
        slug = kwargs.pop("slug", None)
        try:
            self.access = access(request, self.deadline, **kwargs)
        except NoAccess as missing:
            return missing.response
        if pause := limits.seconds_to_pause(self.access.studio, self.access.customer_id):
            return too_often(request, pause)
        if slug is not None and slug not in DATA_SETS:
            raise Http404
        try:
            with share(self.access.studio.slug, self.access.customer_id, changes=request.method == "POST"):
                return self.answer(request, *([DATA_SETS[slug]] if slug else []))
        except NoRoom:
            return full_page(request)

    def answer(self, request: HttpRequest, *data_set: DataSet) -> HttpResponse:
        """Answer with get() or post(); no other name that a browser sends is ever looked up."""
        if request.method not in self.methods:
            return not_allowed(request, self.methods)
        if request.method == "POST" and not self.access.may_change:
            return trouble_page(request, ENDED)
        handler = getattr(self, "post" if request.method == "POST" else "get")
        response: HttpResponse = handler(request, *data_set)
        return response

    def page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """Render a page of this access."""
        context |= {"access": self.access, "overview_url": self.access.url("overview")}
        return render(request, template, context, status=status)

    def tell_interrupted(self, request: HttpRequest) -> None:
        """Say what was cut off when the portal was stopped, once, on the next page that the person opens."""
        if request.method != "GET":
            return
        for entry in history.interrupted(self.access):
            withdrawal = entry.action == Action.WITHDRAW
            data_set = DATA_SETS.get(entry.data_set)
            title = str(data_set.title) if data_set else entry.data_set
            if data_set and not data_set.form.opens_with.isdisjoint(entry.fields):
                self.end_other_sessions(request)  # it may have arrived
            messages.warning(request, words.interrupted(title, withdrawal=withdrawal))

    def end_other_sessions(self, request: HttpRequest) -> None:
        """Sign the person out everywhere else; what has been changed stays changed if that fails."""
        try:
            end_others(request, self.access.studio, self.access.customer_id)
        except DatabaseError:
            logger.exception("the other sessions of a customer could not be ended")

    def renew_session(self, request: HttpRequest, *, now: bool) -> None:
        """Give this session a new key, or let its next page do so; whoever has stolen the old one is out.

        Not now with an answer of 5xx, which carries no cookie. It goes on as it is if that fails. At the desk it is not
        the person's session.
        """
        if self.access.helper:
            return
        try:
            renew_key(request) if now else renew_key_later(request)
        except DatabaseError:
            logger.exception("a session could not be given a new key")

    def unavailable(self, request: HttpRequest, data_set: DataSet, error: GymError) -> HttpResponse:
        """Say that the data set is not offered, or that it can't be had right now."""
        if is_not_offered(error):
            return self.page(request, "datasets/data_set.html", 404, card=card(self.access, data_set, error))
        return gym_error_page(request, error)
