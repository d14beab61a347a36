"""Turn a report into a release."""
