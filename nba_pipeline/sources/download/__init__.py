"""Fills the raw archive from the public one: resumable, checked, and never half a file under its name."""
