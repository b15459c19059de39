"""Addresses of the screens about mail."""

from django.urls import path

from homeshore.web.mail import mailboxes, mails

urlpatterns = [
    path("", mails.to_decide, name="mail"),
    path("automatic/", mails.automatic, name="mail-automatic"),
    path("<int:mail_id>/raw/", mails.raw, name="mail-raw"),
    path("<int:mail_id>/retry/", mails.retry, name="mail-retry"),
    path("<int:mail_id>/dismiss/", mails.dismiss, name="mail-dismiss"),
    path("sent/<int:outbound_id>/again/", mails.send_again, name="mail-send-again"),
    path("sent/<int:outbound_id>/settle/", mails.settle, name="mail-settle"),
    path("mailboxes/", mailboxes.overview, name="mailboxes"),
    path("mailboxes/new/", mailboxes.add, name="mailbox-add"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.change, name="mailbox-change"),
]
