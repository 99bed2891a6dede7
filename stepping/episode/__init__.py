"""Care over time: how measured totals change over an episode, and by when care must begin."""
