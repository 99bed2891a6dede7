"""The screens of an episode of care."""
