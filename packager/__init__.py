"""Wrap independent reporting into media that looks like entertainment, sign it, seed it."""
