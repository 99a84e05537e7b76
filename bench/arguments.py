"""What can be asked of the suite."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from bench.run import ALL, Conditions, run


def run_with(arguments: Sequence[str], program: str) -> int:
    """Measures what the arguments ask for; how many subjects could not be measured."""
    asked = _parser(program).parse_args(arguments)
    scorer = asked.scorer or (asked.corpus or Path()).parent / "score" / "score.py"
    conditions = Conditions(
        asked.quick, asked.corpus, scorer, asked.database, asked.minutes, tuple(asked.kinds), asked.alone
    )
    return run(asked.names, conditions, keep=not asked.forget)


def _parser(program: str) -> ArgumentParser:
    parser = ArgumentParser(program, description="Measure the product, and its rivals beside it.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; without any, all but soak"
    )
    parser.add_argument("--quick", action="store_true", help="less of the same, for a first look")
    parser.add_argument(
        "--corpus", type=Path, help="a folder of documents with an index.jsonl (kind, input, truth)"
    )
    parser.add_argument(
        "--scorer", type=Path, help="its scorer (without it, score/score.py beside the folder)"
    )
    parser.add_argument(
        "--kinds", type=lambda said: said.split(","), default=[],
        help="kinds of pictures of the corpus, between commas: a run in stages",
    )  # fmt: skip
    parser.add_argument(
        "--alone", action="store_true", help="pictures: leave out the rivals, who take longest"
    )
    parser.add_argument(
        "--database", default="", help="an empty PostgreSQL database to fill, as DATABASE_URL is given"
    )
    parser.add_argument("--minutes", type=float, default=3.0, help="how long a soak lasts")
    parser.add_argument("--forget", action="store_true", help="add nothing to docs/performance.md")
    return parser
