"""Pages of what one practises alone: a case step by step, the flip, the drill."""
