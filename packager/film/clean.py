"""x."""


def wash(path, container, variant): ...
