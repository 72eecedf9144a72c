"""The collector's part of the API."""
