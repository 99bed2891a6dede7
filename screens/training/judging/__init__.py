"""Pages of a case that is judged: its story, the trainee's own step and why, and what differs."""
