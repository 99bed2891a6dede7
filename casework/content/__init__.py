"""What has to hold of a content before it is used, and what it changes."""
