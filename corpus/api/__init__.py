"""The corpus's part of the API: a clip's whole story, and releases."""
