"""The ``packager`` command."""
