"""LibreOffice without a window: other programs' files as Word or PowerPoint files, and as PDF."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Final

from mathpixweb.engine.errors import MissingProgram, RenderFailed, UnreadableDocument
from mathpixweb.engine.writers.programs import bounded
from mathpixweb.engine.writers.programs.programs import LIBREOFFICE

SECONDS: Final = 120.0
AGAIN: Final = 81  # it ends so in order to be started anew: with a new profile, always once
MOST_STARTS: Final = 3
SOCKETS: Final = Path("/tmp")  # noqa: S108 - where LibreOffice insists on having its socket
# Nothing is fetched and no macro runs, whatever the document links to. The network is cut off besides.
CAREFUL: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def converted(source: Path, extension: str, target: str) -> bytes:
    """The file as `target` ("docx", "pptx", "pdf"); `extension` is what its kind is called by.

    Raises MissingProgram or UnreadableDocument.
    """
    program = LIBREOFFICE.path()
    if program is None:
        raise MissingProgram(LIBREOFFICE.missing())
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        given = folder / f"source.{extension}"
        shutil.copyfile(source, given)
        _prepare_profile(folder)
        try:
            _run(_binary(program), folder, given, target)
        except RenderFailed as failed:
            raise UnreadableDocument(f"LibreOffice could not open it. {failed}") from failed
        made = folder / "made" / f"source.{target}"
        if not made.is_file():
            raise UnreadableDocument("LibreOffice could not open it. The file may be damaged.")
        return made.read_bytes()


def _binary(program: str) -> str:
    """The program behind the start script, which would start it anew by itself."""
    binary = Path(program).resolve().parent / "soffice.bin"
    return str(binary) if binary.is_file() else program


def _prepare_profile(folder: Path) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(CAREFUL)


def _run(program: str, folder: Path, given: Path, target: str) -> None:
    profile = f"file://{folder}/profile"
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"]
    command += ["--nodefault", "--nolockcheck", "--convert-to", target, "--outdir", str(folder / "made")]
    for _ in range(MOST_STARTS):
        try:
            ended = bounded.attempt([*command, str(given)], b"", folder, SECONDS, sockets=(str(SOCKETS),))
        finally:
            _remove_socket(profile)
        if ended.status != AGAIN:
            return


def _remove_socket(profile: str) -> None:
    """It may make its socket but not remove it, since in that folder others have theirs."""
    digest = hashlib.md5(profile.encode("utf-16-le"), usedforsecurity=False).digest()
    for left in SOCKETS.glob("OSL_PIPE_*SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)):
        left.unlink(missing_ok=True)
