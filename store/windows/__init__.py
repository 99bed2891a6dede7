"""What Windows has in another way than the systems that Porras grew up on: data, and its calls."""
