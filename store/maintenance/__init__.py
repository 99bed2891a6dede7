"""Against loss: backups, rescue, room on the disk, and the deep look at a file."""
