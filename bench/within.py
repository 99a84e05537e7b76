"""A subject that looks at the database itself, as a process with Django and a DATA_DIR of its own.

python -m bench.within search 100000
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, LeftOut
from bench.servers import ROOT, environment


def figures(subject: str, rows: int, place: Path, database: str = "") -> Iterator[Figure]:
    """What `bench.inside.<subject>` finds with that many rows, as soon as it is found. Raises LeftOut."""
    command = [sys.executable, "-m", "bench.within", subject, str(rows)]
    more = {"DATABASE_URL": database} if database else {}
    place.mkdir(parents=True, exist_ok=True)
    surroundings = environment(place, **more)
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as run,
    ):
        try:
            for line in run.stdout or ():
                yield Figure(**json.loads(line))
        except BaseException:  # whoever stops the suite would wait for it
            run.kill()
            raise
        if run.wait():
            complaints.seek(0)
            raise LeftOut(complaints.read()[-2000:])


def main(subject: str, rows: int) -> None:
    for figure in import_module(f"bench.inside.{subject}").measure(rows):
        sys.stdout.write(f"{json.dumps(asdict(figure))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
