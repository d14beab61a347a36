"""The whole chain on the samples, on loopback, in a temporary home."""
