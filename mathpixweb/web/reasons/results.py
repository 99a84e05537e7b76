"""What keeps results from being made or told, here or at Mathpix."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = (
    # exports
    _("This server cannot make %(format)s yet."),
    _("The format %(format)s cannot be made here."),
    _("It took more memory than the %(size)s MB that one format may take on this server."),
    _("Making this format stopped the converter three times."),
    _("Something went wrong on this server while the format was made."),
    _("It took longer than %(seconds)s seconds."),
    _("There is no original to lay text over: this document was given as text."),
    _("There are no pages to lay text over: this document was never on paper."),
    _("Ask for the format pdf instead."),
    _("The original cannot be written again:"),
    _("The document has no table, and a workbook holds nothing else."),
    _("XeLaTeX made no PDF file: %(complaint)s"),
    _("Chromium could not print the page (it ended with %(status)s)."),
    _("The renderer stopped while it worked on this text."),
    _("The text could not be rendered: %(complaint)s"),
    _("The text is longer than %(most)s characters."),
    _("Rendering took longer than %(seconds)s seconds."),
    _("The text could not be taken apart."),
    # Mathpix
    _("Nothing may leave this server, so Mathpix cannot be asked."),
    _("An owner can change that."),
    _("This team's documents stay in the European Union, and its account is elsewhere."),
    _("The keys of the Mathpix account hold characters that no key has; enter them again."),
    _("The keys of the Mathpix account cannot be read any more; enter them again."),
    _("The team has no Mathpix account. An owner can enter its app_id and app_key."),
    _("The Mathpix account has no server. An owner can choose another region."),
    _(
        "The team lets Mathpix read %(budget)s pages a month. %(used)s were read and this needs "
        "%(more)s more."
    ),
    _("An owner can raise the budget, or have it read on this server."),
    _("A worker stopped while this document was being handed in, so Mathpix may have it already."),
    _("It is private, so no list there tells, and it was not sent again."),
    _("Try again to have it sent once more."),
    _("Mathpix could not be reached; nothing was sent."),
    _("Mathpix took too long to answer."),
    _("Mathpix gave an answer that cannot be understood."),
    _("The connection to Mathpix was lost."),
    _("Try again in a while."),
    _("Try again later."),
    _("Try again."),
    _("Mathpix does not accept the team's app_id and app_key."),
    _("An owner can enter them again."),
    _("Mathpix does not have this, or not yet."),
    _("Mathpix is out of order (HTTP %(status)s)."),
    _("Mathpix gave an answer that was not expected (HTTP %(status)s)."),
    _("Mathpix takes no more requests of this account for now (HTTP 429)."),
    _("Mathpix could not read this document, and does not say why."),
    _("Mathpix has read nothing of this page."),
    _("Mathpix has finished this document without saying anything of this page."),
    _("Mathpix says that the document has %(pages)s pages; %(most)s at most are taken here."),
    _("Nothing has come from Mathpix for %(minutes)s minutes."),
    _("What came before is kept."),
    _(
        "Mathpix has not been answering for a while, so nothing was sent just now. It is tried again "
        "in %(seconds)s seconds."
    ),
    _("Mathpix gave an answer that is larger than any should be."),
    _("Mathpix answered without “%(key)s”."),
    _("Mathpix answered without a token."),
    _("Mathpix took the document, but did not say under which id."),
    _("Mathpix took too long to read this page."),
    _("The lines of the pages cannot be understood."),
    _("The lines of a page cannot be understood."),
    _("The page stream holds something that is no page."),
    _("The page stream tells of page %(number)s of %(count)s."),
    _("The page stream holds a page without end."),
    _("The page stream broke off in the middle of a page."),
    # webhooks
    _("No answer arrived."),
    _("The webhook is paused or was deleted."),
    _("Nothing may leave this server, so nobody is told anything."),
    _("The address answered HTTP %(code)s."),
    _("The address answered with a redirect (HTTP %(code)s), which is not followed."),
    _("The headers cannot be read any more: they were stored under another SECRET_KEY."),
    _("The secret of this webhook cannot be read any more: it was stored under another SECRET_KEY."),
    _("Delete the webhook and add it again."),
)
