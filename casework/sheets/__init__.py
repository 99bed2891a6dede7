"""What is handed out on paper, and the safety plan that is written with a client."""
