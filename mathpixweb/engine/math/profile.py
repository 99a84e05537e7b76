"""Thresholds of the formula parser. Lengths are in units of the main font size of the region at hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """How exact positions and sizes are. The defaults were tuned on formulas of TeX-made PDFs."""

    axis: float = 0.25  # height of the mathematical axis above the baseline
    same_size: float = 0.88  # of the main size; smaller symbols are scripts …
    odd_size: float = 0.74  # … unless fonts of unequal design sizes are mixed on exactly one baseline
    odd_baseline: float = 0.015
    baseline: float = 0.13  # how far a symbol of the main size may be off the main baseline
    first_weight: float = 2.5  # of the leftmost symbol in the vote on the main baseline
    small_fraction_axis: float = 0.14  # the same for the axis of a script-size fraction
    composite_axis: float = 0.42  # … and of any other composite
    script_size: float = 0.6  # a composite whose inner symbols are smaller than this is a script
    superscript: float = 0.02  # above this height it is a superscript
    piece_column: float = 0.35  # pieces of one fence have centres this close in x …
    piece_gap: float = 0.12  # … and gaps no larger than this
    partner: float = 0.15  # of its height two fences may differ in height and centre and be a pair
    row_gap: float = 0.55  # baselines further apart are different rows of a grid
    column_gap: float = 0.62  # blanks wider than this through all rows part columns
    numerator_gap: float = 0.62  # first symbol above or below a fraction bar
    stack_gap: float = 0.45  # each further one
    radical_join: float = 0.15  # between the hook of a radical and its bar
    index_size: float = 0.68  # of a radical sign is the index of a root, at most
    accent_gap: float = 0.55
    letter_gap: float = 0.13  # wider gaps end a word
    limit_centre: float = 0.42
    limit_centre_width: float = 0.08
    limit_size: float = 0.85
    banded: bool = False  # bands of white part rows; what reads PDFs knows of rows before
    duplicate: float = 0.09  # the same glyph again within this distance is poor man's bold


PDF = Profile()
