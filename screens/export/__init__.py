"""What leaves the program at a nurse's wish: a file, a picture for a scanner, a sheet of paper."""
