"""What training can do is told without the packages that only training needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT = """
import runpy, sys
for name in ("torch", "scipy", "onnx"):
    sys.modules[name] = None  # an import of it fails
sys.argv = [sys.argv[1], "--help"]
runpy.run_module(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("name", ["printed", "ink", "molecules"])
def test_help_needs_no_packages_for_training(name):
    asked = [sys.executable, "-c", WITHOUT, f"training.{name}"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert f"usage: python -m training.{name}" in told.stdout
