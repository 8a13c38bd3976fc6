"""Matrices of pages, and rectangles turned with them."""

from __future__ import annotations

import math
from collections.abc import Sequence

Matrix = tuple[float, float, float, float, float, float]


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Apply `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def mapped(box: Sequence[float], matrix: Matrix) -> tuple[float, float, float, float]:
    """Map a rectangle with a matrix that turns by quarters: its left, top, right and bottom."""
    left, bottom, right, top = box
    g, h, i, j, k, m = matrix
    ax, ay = left * g + bottom * i + k, left * h + bottom * j + m
    bx, by = right * g + top * i + k, right * h + top * j + m
    return (
        ax if ax < bx else bx,
        ay if ay < by else by,
        bx if bx > ax else ax,
        by if by > ay else ay,
    )


def display_matrix(box: Sequence[float], quarter_turns: int) -> Matrix:
    """Map user space (y upwards) to the displayed page (y downwards) for a crop box and /Rotate."""
    left, bottom, right, top = box
    return (
        (1.0, 0.0, 0.0, -1.0, -left, top),
        (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        (0.0, -1.0, -1.0, 0.0, top, right),
    )[quarter_turns % 4]


def direction(a: float, b: float) -> int:
    """Where text runs that is drawn with a display matrix of `a` and `b`: degrees, 0 upright."""
    if abs(b) <= 0.05 * abs(a) and a > 0:
        return 0
    return round(math.degrees(math.atan2(b, a))) % 360


def turn(
    box: tuple[float, float, float, float], angle: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Turn a rectangle with its page anticlockwise by a multiple of 90 degrees."""
    x0, top, x1, bottom = box
    if angle == 90:
        return top, width - x1, bottom, width - x0
    if angle == 180:
        return width - x1, height - bottom, width - x0, height - top
    if angle == 270:
        return height - bottom, x0, height - top, x1
    return box
