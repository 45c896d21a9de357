"""The URL map of the demo: the portal's, and the mailbox."""

from django.urls import path

from selfservice.demo import mailbox

from .urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("demo/mails/", mailbox.mails, name="demo-mails"), *urlpatterns]
