"""English words for invented titles."""

from packager.disguise.naming.lexicon import Lexicon, forms, joined

LEXICON = Lexicon(
    titles=(
        "The {adj} {noun} of {place}",
        "The {adj} {person} of {place}",
        "{number} {nouns} to {place}",
        "The {person} and the {adj} {noun}",
        "{nouns} of the {adj} {person}",
        "{adj} {nouns} over {place}",
        "The {noun} That {place} Forgot",
        "Every {noun} in {place}",
    ),
    person="{given} {family}",
    credit="A film by {name}",
    words={
        **forms(
            "Lantern:Lanterns Ferry:Ferries Orchard:Orchards Bell:Bells Window:Windows "
            "Harbour:Harbours Lighthouse:Lighthouses Staircase:Staircases River:Rivers "
            "Garden:Gardens Mirror:Mirrors Letter:Letters Winter:Winters Bridge:Bridges "
            "Kite:Kites Clock:Clocks Swallow:Swallows Meadow:Meadows Anchor:Anchors "
            "Lamp:Lamps Tide:Tides Violin:Violins Chimney:Chimneys Compass:Compasses "
            "Feather:Feathers Candle:Candles Island:Islands Mill:Mills Shadow:Shadows "
            "Valley:Valleys Cloud:Clouds Rooftop:Rooftops Raincoat:Raincoats Map:Maps "
            "Oar:Oars Thread:Threads Sparrow:Sparrows Keyhole:Keyholes Pier:Piers "
            "Teacup:Teacups Umbrella:Umbrellas Weathervane:Weathervanes Echo:Echoes "
            "Carousel:Carousels Hedgerow:Hedgerows Cellar:Cellars Beacon:Beacons "
            "Quarry:Quarries Glasshouse:Glasshouses Timber:Timbers",
            "noun",
            "nouns",
        ),
        "adj": tuple(
            "Quiet Amber Hollow Silver Patient Salted Borrowed Winter Crooked Drowsy Paper "
            "Copper Wandering Velvet Distant Gentle Sleepless Narrow Painted Forgotten Slender "
            "Frosted Wooden Tangled Pale Rusted Weathered Ivory Drifting Reluctant Lonesome "
            "Autumn Gilded Faded Mended Unlit Curious Tender Upper Lower Northern Southern "
            "Barefoot Clumsy Stubborn Homeward Moonlit Rainy Floating Scattered".split()
        ),
        "person": tuple(
            "Clockmaker Ferryman Cartographer Glassblower Beekeeper Gardener Bellringer "
            "Violinist Bookbinder Shepherd Watchman Postmaster Weaver Baker Stargazer "
            "Apothecary Carpenter Locksmith Fisherman Miller Organist Tailor Boatbuilder "
            "Lamplighter Swimmer Botanist Piano-Tuner Cobbler Falconer Gravedigger".split()
        ),
        "number": tuple(
            "Five Six Seven Nine Eleven Twelve Thirteen Fourteen Fifteen Twenty Forty Sixty".split()
        ),
        "place": joined(
            "Alder Marl Thistle Corrin Wren Hollin Ember Fenn Orrin Saltern Briar Pell Dunmar "
            "Kesk Lorn Tarren Ashel Quill Merrow Vesper",
            "moor wick mere combe stead holt haven fell march gate",
        ),
        "given": tuple(
            "Nora Edwin Iris Colin Maren Tobias Hazel Rufus Odette Silas Greta Linus Flora "
            "Amos Vera Jonah Elsie Conrad Ada Felix".split()
        ),
        "family": joined(
            "Hallo Marro Pender Thorne Wethe Quill Brack Ostle Carro Fenni Larke Dunni",
            "wick well brand more rell ster vane",
        ),
    },
)
