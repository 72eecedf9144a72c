"""`manage.py prescore`: score a corpus of one's own, without a site and without a database."""
