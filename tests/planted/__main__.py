"""Write the corpus and a report that uses it."""

import sys
from pathlib import Path

import planted

if __name__ == "__main__":
    place = Path(sys.argv[1])
    made = planted.write(place)
    planted.report(place, list(made))
    for path, one in made.items():
        print(path.name, one.what, sep="\t")
