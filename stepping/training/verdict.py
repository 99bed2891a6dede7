"""How a trainee's step stands beside the steps that are expected of a case."""

from __future__ import annotations

from dataclasses import dataclass

from stepping.training.vignette import Expected


@dataclass(frozen=True)
class Verdict:
    """A step beside a range of expected ones: `distance` is below zero where it is too low."""

    distance: int

    @property
    def exact(self) -> bool:
        """Whether the step is one of those expected."""
        return self.distance == 0

    @property
    def near(self) -> bool:
        """Whether the step is at most one away from those expected."""
        return abs(self.distance) <= 1

    @property
    def unsafe_low(self) -> bool:
        """Whether the client would get less care than the lowest step expected."""
        return self.distance < 0


def judge_step(expect: Expected, step: int) -> Verdict:
    """Return how far a step (0–9) is from those expected."""
    return Verdict(min(0, step - expect.lowest) + max(0, step - expect.highest))
