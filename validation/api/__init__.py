"""The validation's part of the API."""
