"""What stands in for characters that a terminal or its font lacks, each as wide as before."""

from __future__ import annotations

ASCII = {
    # lines and corners
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋", "+"),
    # blocks
    **dict.fromkeys("█▉▊▋▌▐▓■▇▆▛▜▙▟", "#"),
    **dict.fromkeys("▄▅▃▒▖▗▬", "="),
    **dict.fromkeys("▁▂", "_"),
    **dict.fromkeys("▀▔▘▝", '"'),
    **dict.fromkeys("▍▎▏▕", "|"),
    **dict.fromkeys("░", ":"),
    **dict.fromkeys("□○●◯", "o"),
    # arrows and marks
    **dict.fromkeys("→▶►▸▷⇒", ">"),
    **dict.fromkeys("←◀◄◂◁⇐", "<"),
    **dict.fromkeys("↑▲△⇑", "^"),
    **dict.fromkeys("↓▼▽⇓", "v"),
    **dict.fromkeys("•◆◇★☆", "*"),
    **dict.fromkeys("✓✔", "x"),
    # punctuation
    "·": "-",
    "…": ".",
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚′", "'"),
    "×": "x",
    "≥": ">",
    "≤": "<",
    "≈": "~",
    "\u00a0": " ",
}
"""Letters stay as they are, ä and å too: a terminal that lacks them cannot be worked with."""

TABLES: dict[str, dict[int, str]] = {"unicode": {}, "ascii": str.maketrans(ASCII)}
"""The replacements by the name of a choice of glyphs."""
