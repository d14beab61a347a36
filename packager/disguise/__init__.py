"""The looks a report can be given; ``DISGUISES`` is the only list."""
