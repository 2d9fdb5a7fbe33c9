"""What the registry is made of: candidates with their verdict, the files of a version, and what is known about it."""
