"""What must stay hidden in a file: few persons, and whatever they would follow from."""
