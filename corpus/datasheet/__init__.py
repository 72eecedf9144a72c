"""What a release says of itself: its datasheet in words, and its figures."""
