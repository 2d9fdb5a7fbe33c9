"""The drift monitor: does a version still see the league that it was trained on, and still forecast as well?"""
