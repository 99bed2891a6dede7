"""Training: cases with a right answer, judgements of trainees, and what they show together."""
