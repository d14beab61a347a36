"""Books: a report bound as EPUB and FB2 (``bind`` and below), and taken out again (``unbind``).

Nothing is imported here, because readers only need ``unbind``.
"""
