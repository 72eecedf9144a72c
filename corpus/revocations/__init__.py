"""The signed list of what was taken back: its format, its keys and when it is due. Pure."""
