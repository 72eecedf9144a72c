"""Encryption at rest: each clip's audio under a key of its own, wrapped by a key of the site.

``envelope`` and ``wrapping`` are pure: bytes and keys. ``site_keys`` knows the folder in which the
site's keys lie, ``keys`` the rows of the clips'. docs/encryption.md tells the whole.
"""

from collector.vault.keys import destroy_key, destroy_keys, give_up_key, give_up_unused_keys

__all__ = ["destroy_key", "destroy_keys", "give_up_key", "give_up_unused_keys"]
