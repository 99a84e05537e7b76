"""`python3 manage.py serve`: everything in one command, web and worker together."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from mathpixweb import bootstrap, env
from mathpixweb.accounts import first_run
from mathpixweb.documents.work import operation, sweeping
from mathpixweb.web import checkup, static_files
from mathpixweb.web.engines import ENGINES
from mathpixweb.web.management.commands import doctor, login_link
from mathpixweb.web.supervisor import Program, supervise

logger = logging.getLogger(__name__)

BACKLOG = 2048  # connections that wait while the server restarts


class Command(BaseCommand):
    help = "Serve MathpixWeb: prepares the database, then runs the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--web-only", action="store_true", help="no worker here: it runs elsewhere")
        only.add_argument("--worker-only", action="store_true", help="no web server here: it runs elsewhere")
        parser.add_argument(
            "--with-engines",
            action="store_true",
            help="install the optional engines that are missing first (as root on Debian or Ubuntu)",
        )

    def handle(
        self, *args: Any, web_only: bool, worker_only: bool, with_engines: bool = False, **options: Any
    ) -> None:
        if with_engines:
            installer = doctor.Command()
            installer.stdout = self.stdout
            installer.add([engine.name for engine in ENGINES if engine.packages])
        programs = []
        if not worker_only:
            programs.append(web_program(listen(settings.HOST, settings.PORT)))
        if not web_only:
            programs.append(worker_program())
        self.prepare()
        supervise(programs, self.say, chore=None if web_only else sweep)
        with contextlib.suppress(OSError):  # the reader of a pipe may be gone
            self.say("Stopped.")

    def prepare(self) -> None:
        with bootstrap.alone(
            settings.DATA_DIR, "Another start is preparing the same DATA_DIR; waiting for it …"
        ):
            self.migrate()
            static_files.build()
            self.welcome(
                first_run.create(
                    email=env.text("BOOTSTRAP_EMAIL"),
                    password=env.text("BOOTSTRAP_PASSWORD"),
                    app_id=env.text("BOOTSTRAP_APP_ID"),
                    app_key=env.text("BOOTSTRAP_APP_KEY"),
                )
            )

    def migrate(self) -> None:
        """Makes the tables or brings them up to date; begins no new database beside files of an old one."""
        found = checkup.database()
        if found.state == checkup.WRONG:
            raise CommandError(f"The database cannot be used. {found.said}. To do: {found.remedy}.")
        call_command("migrate", interactive=False, verbosity=0)

    def welcome(self, first: first_run.FirstTeam | None) -> None:
        """Shows what only the first start can show, except what the environment has chosen."""
        if first is None:
            return
        self.say(f"\nA first team has been made; its owner is {first.owner.email}.")
        if not first.owner.has_usable_password():
            self.say(f"  {login_link.offer(first.owner)}")
        if not env.text("BOOTSTRAP_APP_KEY"):
            self.say(f"  API key, shown only now: app_id {first.app_id}  app_key {first.app_key}")
        self.say("")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def sweep() -> None:
    """One round of the sweep, which must outlive whatever it stumbles over."""
    try:
        sweeping.sweep()
        operation.report_machine()
    except DatabaseError as error:
        logger.error("the sweep failed: %s", error)  # noqa: TRY400 - it may last
    except Exception:
        logger.exception("the sweep failed")
    finally:
        connections.close_all()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at the address, or a CommandError that says why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CommandError(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Stop that one, or choose another port: "
            f"PORT={port + 1} python3 manage.py serve"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root. Choose one from 1024 up: PORT=8000 python3 manage.py serve"
    return f"Cannot listen on {host} port {port}: {error.strerror}. HOST and PORT choose the address."


def web_program(listening: socket.socket) -> Program:
    descriptor = listening.detach()
    command = (sys.executable, "-m", "mathpixweb.web.server", str(descriptor))
    return Program("web", command, inherits=(descriptor,))


def worker_program() -> Program:
    celery = ("--quiet", "worker", "--pool", "prefork", "--concurrency", str(settings.WORKERS))
    silent = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return Program("worker", (sys.executable, "-m", "mathpixweb.web.worker", *celery, *silent))
