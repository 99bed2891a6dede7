"""The program itself: command line, application, terminal driver and wiring."""
