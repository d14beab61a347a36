"""English words for invented titles."""

from packager.disguise.naming.lexicon import Kind, Lexicon, forms, joined, lines

_FILMS = (
    "The {adj} {noun} of {place}",
    "The {adj} {person} of {place}",
    "The {noun} from {place} to {place}",
    "The {person} and the {adj} {noun} of {place}",
    "{nouns} of the {adj} {person} of {place}",
    "{adj} {nouns} over {place}",
    "{nouns} between {place} and {place}",
    "{given} {family} and the {adj} {noun}",
)
_SERIES = (
    "The {adj} {persons} of {place}",
    "{adj} {nouns} of {place}",
    "{nouns} between {place} and {place}",
    "The {persons} of {place} and {place}",
    "{given} {family} of {place}",
    "The {adj} {noun} at {place}",
)

LEXICON = Lexicon(
    patterns={
        Kind.FILM: _FILMS,
        Kind.SERIES: _SERIES,
        Kind.EPISODE: (
            "The {noun}",
            "The {adj} {noun}",
            "{adj} {nouns}",
            "The {person}",
            "{number} {nouns}",
            "The Road to {place}",
        ),
        Kind.BAND: (
            "{given} {family}",
            "The {adj} {persons}",
            "{adj} {noun} {number}",
            "{place} {nouns}",
            "{given} and the {persons}",
        ),
        Kind.ALBUM: (
            "{nouns} of {place}",
            "The {adj} {noun} Songs",
            "{number} {adj} {nouns}",
            "{adj} {noun}, {adj} {nouns}",
            "Letters to {place}",
            "Home by Way of {place}",
        ),
        Kind.TRACK: (
            "{adj} {noun}",
            "{place}",
            "{nouns} of {place}",
            "The {person}",
            "{number} {nouns}",
            "{noun} and {noun}",
            "Leaving {place}",
        ),
        Kind.BOOK: (
            "The {adj} {noun} of {place}",
            "The {person} of {place}",
            "The {noun} That {place} Forgot",
            "{number} {nouns} to {place}",
            "The {person} and the {adj} {noun}",
            "Every {noun} in {place}",
        ),
        Kind.COURSE: (
            "{given} {family} - {craft} for {slow} {time}: {things} and {things}",
            "{given} {family} - {slow} {craft}: {things}, {things} and {things}",
        ),
        Kind.LESSON: ("{lesson}",),
    },
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
            "Quarry:Quarries Glasshouse:Glasshouses Timber:Timbers Attic:Attics Barrel:Barrels "
            "Blanket:Blankets Bonfire:Bonfires Bramble:Brambles Bucket:Buckets Button:Buttons "
            "Canal:Canals Cottage:Cottages Cradle:Cradles Creek:Creeks Curtain:Curtains "
            "Dovecote:Dovecotes Drawbridge:Drawbridges Dune:Dunes Fable:Fables Fiddle:Fiddles "
            "Fjord:Fjords Fountain:Fountains Gable:Gables Glove:Gloves Granary:Granaries "
            "Grove:Groves Hammock:Hammocks Harvest:Harvests Hearth:Hearths Heron:Herons "
            "Hourglass:Hourglasses Jetty:Jetties Kettle:Kettles Ladder:Ladders Lagoon:Lagoons "
            "Lighthorn:Lighthorns Loom:Looms Lullaby:Lullabies Magpie:Magpies Marble:Marbles "
            "Maze:Mazes Mosaic:Mosaics Necklace:Necklaces Nightfall:Nightfalls Oven:Ovens "
            "Parasol:Parasols Pebble:Pebbles Pendulum:Pendulums Pocket:Pockets Puddle:Puddles "
            "Quilt:Quilts Raft:Rafts Rampart:Ramparts Ribbon:Ribbons Sail:Sails Scarf:Scarves "
            "Seashell:Seashells Sleigh:Sleighs Snowfall:Snowfalls Spindle:Spindles "
            "Stairwell:Stairwells Stencil:Stencils Sundial:Sundials Tapestry:Tapestries "
            "Telescope:Telescopes Terrace:Terraces Thicket:Thickets Thimble:Thimbles "
            "Tollgate:Tollgates Towpath:Towpaths Trellis:Trellises Trumpet:Trumpets "
            "Vineyard:Vineyards Viaduct:Viaducts Waltz:Waltzes Waterwheel:Waterwheels "
            "Wharf:Wharves Whistle:Whistles Windmill:Windmills Woodpile:Woodpiles Wren:Wrens",
            "noun",
            "nouns",
        ),
        "adj": tuple(
            "Quiet Amber Hollow Silver Patient Salted Borrowed Winter Crooked Drowsy Paper "
            "Copper Wandering Velvet Distant Gentle Sleepless Narrow Painted Forgotten Slender "
            "Frosted Wooden Tangled Pale Rusted Weathered Ivory Drifting Reluctant Lonesome "
            "Autumn Gilded Faded Mended Unlit Curious Tender Upper Lower Northern Southern "
            "Barefoot Clumsy Stubborn Homeward Moonlit Rainy Floating Scattered Absent Ashen "
            "Barren Bashful Bitter Blushing Brazen Breathless Brindled Brittle Careful Cedar "
            "Chalk Cheerful Clever Cobalt Coral Crimson Dappled Daydreaming Dim Distracted Dusty "
            "Early Eastern Enamel Evening Faithful Fallow Feathered Folded Fragile Freckled "
            "Generous Ginger Graceful Granite Grateful Hasty Hazel Hesitant Humble Hushed Idle "
            "Indigo Inland Jade Knitted Laden Lazy Lilac Linen Lopsided Marbled Merry Midnight "
            "Mild Misty Modest Mossy Nimble Oaken Ochre Opal Orphaned Outer Overgrown Pearl "
            "Pewter Polite Porcelain Quilted Ragged Restless Rosewood Russet Saffron Sandy "
            "Scarlet Secluded Shallow Shivering Shy Silent Sleepy Smoky Snowbound Solemn Sparse "
            "Speckled Spare Starlit Straw Striped Sturdy Sunken Tardy Tawny Thirsty Thoughtful "
            "Threadbare Tidal Tin Topaz Tranquil Twilight Unhurried Untold Vanishing Wakeful "
            "Walnut Wayward Western Whispering Wicker Willow Windswept Wintry Wistful Woolen "
            "Yawning Yonder".split()
        ),
        **forms(
            "Clockmaker:Clockmakers Ferryman:Ferrymen Cartographer:Cartographers "
            "Glassblower:Glassblowers Beekeeper:Beekeepers Gardener:Gardeners "
            "Bellringer:Bellringers Violinist:Violinists Bookbinder:Bookbinders "
            "Shepherd:Shepherds Watchman:Watchmen Postmaster:Postmasters Weaver:Weavers "
            "Baker:Bakers Stargazer:Stargazers Apothecary:Apothecaries Carpenter:Carpenters "
            "Locksmith:Locksmiths Fisherman:Fishermen Miller:Millers Organist:Organists "
            "Tailor:Tailors Boatbuilder:Boatbuilders Lamplighter:Lamplighters "
            "Swimmer:Swimmers Botanist:Botanists Cobbler:Cobblers Falconer:Falconers "
            "Basketmaker:Basketmakers Candlemaker:Candlemakers Chandler:Chandlers "
            "Cellist:Cellists Confectioner:Confectioners Cooper:Coopers Engraver:Engravers "
            "Forester:Foresters Gatekeeper:Gatekeepers Gilder:Gilders Harpist:Harpists "
            "Innkeeper:Innkeepers Lacemaker:Lacemakers Librarian:Librarians Mason:Masons "
            "Milkmaid:Milkmaids Oarsman:Oarsmen Papermaker:Papermakers Piper:Pipers "
            "Ploughman:Ploughmen Puppeteer:Puppeteers Ropemaker:Ropemakers Saddler:Saddlers "
            "Sailmaker:Sailmakers Scribe:Scribes Skater:Skaters Stonecutter:Stonecutters "
            "Thatcher:Thatchers Tinsmith:Tinsmiths Toymaker:Toymakers Vintner:Vintners "
            "Woodcarver:Woodcarvers",
            "person",
            "persons",
        ),
        "number": tuple(
            "Five Six Seven Nine Eleven Twelve Thirteen Fourteen Fifteen Twenty Forty Sixty".split()
        ),
        "place": joined(
            "Alder Marl Thistle Corrin Wren Hollin Ember Fenn Orrin Saltern Briar Pell Dunmar "
            "Kesk Lorn Tarren Ashel Quill Merrow Vesper Arlen Bracken Calder Carrow Cavern "
            "Cinder Clover Corrow Crandle Dapple Darrow Dellin Dorrin Drummel Elder Ellery "
            "Farrow Feather Fennel Fincher Flinder Garrin Gorse Gresson Harrow Hazel Heather "
            "Hessel Holm Ingle Jarrow Juniper Kelder Kettle Kirrin Lanner Larkin Linden Lissom "
            "Mallow Maren Millet Mossel Nettle Norrin Oaker Ollen Osier Otter Parrin Pebble "
            "Pinner Plover Quarrel Ranner Raven Rowan Rushen Sedge Sorrel Sparrow Starrin "
            "Swither Tansy Teasel Tillen Tolver Turrel Ullen Umber Varrow Wandle Warren Wether "
            "Whin Wicken Winnow Yarrow Yarren",
            "moor wick mere combe stead holt haven fell march gate barrow beck brook burn by crag "
            "croft dale den end field ford garth glen ham hatch hay hithe hope hurst keld leigh "
            "minster mouth ness over rigg shaw toft",
        ),
        "given": tuple(
            "Nora Edwin Iris Colin Maren Tobias Hazel Rufus Odette Silas Greta Linus Flora "
            "Amos Vera Jonah Elsie Conrad Ada Felix Agnes Basil Clara Dorian Edith Fergus Gwen "
            "Hugo Ivy Jasper Kitty Lorna Magnus Nell Oscar Pippa Quentin Rosa Stellan Thea "
            "Una Victor Willa Alma Bram Celia Della Emil".split()
        ),
        "family": joined(
            "Hallo Marro Pender Thorne Wethe Quill Brack Ostle Carro Fenni Larke Dunni Alder "
            "Barro Calde Dorri Elle Farro Garri Harke Inga Kelle Linne Mallo Nethe Orri Parri "
            "Rave Sorre Tille Ulve Varre Wande Yarro",
            "wick well brand more rell ster vane bourne croft den field gate ham land ley man "
            "mond quist ridge son ton worth",
        ),
        "craft": lines("""
            Watercolour
            Bookbinding
            Calligraphy
            Pencil Drawing
            Linocut
            Embroidery
            Knitting
            Basket Weaving
            Pottery
            Wood Carving
            Paper Folding
            Mosaic
            Candle Making
            Bread Baking
            Home Gardening
            Sketching
            Paper Cutting
            Felting
            Quilting
            Gouache
            Chess
            Ukulele
            Recorder
            Herb Growing
            Balcony Gardening
            Macrame
            Pastel
            Leatherwork
            Stencilling
            Jam Making
        """),
        "slow": tuple(
            "Quiet Slow Long Short Rainy Winter Summer Autumn Calm Lazy Early Late Easy Simple "
            "Gentle Patient Little Warm Bright Unhurried".split()
        ),
        "time": tuple(
            "Evenings Mornings Weekends Sundays Afternoons Holidays Beginners Hands "
            "Families Friends".split()
        ),
        "things": tuple(
            "Boats Birds Bridges Rooftops Leaves Lemons Teapots Windows Gardens Trees Shells "
            "Clouds Feathers Apples Pears Doors Lanterns Flowers Hills Rivers Cats Foxes Fish "
            "Stars Letters Patterns Borders Corners Frames Cups Baskets Spoons Ribbons Stones "
            "Berries Owls Kites Houses Stairs Fences Harbours Mountains Mushrooms Acorns "
            "Butterflies Bees Candles Chairs Jugs Vases".split()
        ),
        "lesson": lines("""
            Before You Begin
            Your Table and Your Tools
            First Steps
            Choosing the Material
            Holding It Right
            A Small Exercise
            Slow Hands
            Light and Dark
            Warm and Cold
            Straight Lines
            Round Shapes
            From Large to Small
            Working in Layers
            Repeating a Pattern
            Keeping It Simple
            Common Mistakes
            Mending What Went Wrong
            Working from Memory
            Working from Nature
            The First Project
            The Second Project
            A Present for a Friend
            Finishing the Edges
            Looking Back
            Care and Storage
            Practice for the Week
            Questions and Answers
            One Step Further
            A Larger Piece
            The Last Project
        """),
    },
)
