"""What offices get: the program with everything that it needs, for Windows and for Linux."""
