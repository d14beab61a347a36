"""The dashboard: a local page of its own process, which talks to the node over the control socket.

``guard`` lets in, ``view`` decides what is seen, ``app`` answers, ``errands`` carries out, and
``server`` listens on loopback.
"""
