"""Spanish words for invented titles."""

from packager.disguise.naming.lexicon import Kind, Lexicon, forms, joined, lines

_MASCULINE = forms(
    "farol:faroles puente:puentes jardín:jardines tren:trenes faro:faros río:ríos "
    "bosque:bosques reloj:relojes mapa:mapas camino:caminos viento:vientos "
    "silencio:silencios barco:barcos puerto:puertos espejo:espejos invierno:inviernos "
    "verano:veranos eco:ecos molino:molinos cuaderno:cuadernos tejado:tejados "
    "violín:violines paraguas:paraguas nido:nidos almendro:almendros balcón:balcones "
    "baúl:baúles botón:botones cántaro:cántaros caracol:caracoles cerezo:cerezos "
    "columpio:columpios dedal:dedales desván:desvanes estanque:estanques granero:graneros "
    "guante:guantes huerto:huertos laberinto:laberintos laurel:laureles limonero:limoneros "
    "manantial:manantiales muelle:muelles naranjo:naranjos olivar:olivares otoño:otoños "
    "pañuelo:pañuelos patio:patios pozo:pozos prado:prados racimo:racimos sendero:senderos "
    "tambor:tambores telar:telares umbral:umbrales vals:valses viñedo:viñedos",
    "noun_m",
    "many",
)
_FEMININE = forms(
    "sombra:sombras orilla:orillas carta:cartas noche:noches torre:torres ventana:ventanas "
    "estación:estaciones estrella:estrellas campana:campanas lluvia:lluvias "
    "escalera:escaleras isla:islas llave:llaves canción:canciones niebla:nieblas "
    "colina:colinas barca:barcas golondrina:golondrinas marea:mareas linterna:linternas "
    "cometa:cometas brújula:brújulas vela:velas azotea:azoteas acequia:acequias "
    "aldaba:aldabas aldea:aldeas bahía:bahías bodega:bodegas bufanda:bufandas cabaña:cabañas "
    "caja:cajas cigüeña:cigüeñas chimenea:chimeneas encina:encinas fuente:fuentes "
    "garza:garzas glorieta:glorietas higuera:higueras hoguera:hogueras laguna:lagunas "
    "leyenda:leyendas luciérnaga:luciérnagas madreselva:madreselvas mariposa:mariposas "
    "mecedora:mecedoras noria:norias palmera:palmeras pecera:peceras plazuela:plazuelas "
    "primavera:primaveras rueca:ruecas tinaja:tinajas tormenta:tormentas vereda:veredas",
    "noun_f",
    "many",
)

LEXICON = Lexicon(
    patterns={
        Kind.FILM: (
            "El {noun_m} {adj_m} de {place} a {place}",
            "La {noun_f} {adj_f} desde {place} hasta {place}",
            "{number} {many} de {place} a {place}",
            "El {person} {adj_m} de {place} con {given}",
            "La {noun_f} {adj_f} de {given} {family}",
            "El {noun_m} {adj_m} de {given} {family}",
            "{given} {family} con la {noun_f} {adj_f}",
            "{given} {family} junto al {noun_m} {adj_m}",
        ),
        Kind.SERIES: (
            "El {noun_m} desde {place} hasta {place}",
            "La {noun_f} de {place} a {place}",
            "{given} {family} junto al {noun_m} {adj_m}",
            "La {noun_f} {adj_f} de {given} {family}",
            "El {noun_m} {adj_m} de {given} {family}",
            "{number} {many} de {place} a {place}",
        ),
        Kind.EPISODE: (
            "El {noun_m} {adj_m}",
            "La {noun_f} {adj_f}",
            "El {person}",
            "{number} {many}",
            "Camino de {place}",
        ),
        Kind.BAND: (
            "{given} {family}",
            "Los {persons} de {place}",
            "{given} y los {persons}",
        ),
        Kind.ALBUM: (
            "{many} de {place}",
            "La {noun_f} {adj_f} del {person}",
            "El {noun_m} {adj_m} de {place}",
            "{number} {many} de {place}",
        ),
        Kind.TRACK: (
            "{noun_m} {adj_m}",
            "{noun_f} {adj_f}",
            "{place}",
            "El {person}",
            "{number} {many}",
            "Volver a {place}",
            "{many} de {place}",
        ),
        Kind.BOOK: (
            "El {noun_m} {adj_m} del {person}",
            "La {noun_f} {adj_f} del {person}",
            "La {noun_f} {adj_f} de {place}",
            "El {person} {adj_m} de {place}",
            "{number} {many} para el {person}",
            "{number} {many} en {place}",
        ),
        Kind.COURSE: (
            "{given} {family} - {craft} {when}: {things} y {things}",
            "{given} {family} - {craft} desde cero: {things} y {things}",
        ),
        Kind.LESSON: ("{lesson}",),
    },
    person="{given} {family}",
    credit="Una película de {name}",
    words={
        "noun_m": _MASCULINE["noun_m"],
        "noun_f": _FEMININE["noun_f"],
        "many": _MASCULINE["many"] + _FEMININE["many"],
        **forms(
            "quieto:quieta dormido:dormida lejano:lejana perdido:perdida olvidado:olvidada "
            "dorado:dorada callado:callada secreto:secreta nevado:nevada azul:azul gris:gris "
            "breve:breve inmóvil:inmóvil invisible:invisible salado:salada antiguo:antigua "
            "lento:lenta blanco:blanca amargo:amarga sereno:serena prestado:prestada "
            "torcido:torcida descalzo:descalza pálido:pálida distraído:distraída "
            "abandonado:abandonada agridulce:agridulce alegre:alegre ámbar:ámbar apagado:apagada "
            "bordado:bordada bruñido:bruñida celeste:celeste cobrizo:cobriza curioso:curiosa "
            "discreto:discreta errante:errante escarlata:escarlata escondido:escondida "
            "fatigado:fatigada frágil:frágil generoso:generosa helado:helada humilde:humilde "
            "impaciente:impaciente ligero:ligera lluvioso:lluviosa menudo:menuda nocturno:nocturna "
            "nublado:nublada oxidado:oxidada paciente:paciente perezoso:perezosa "
            "plateado:plateada remendado:remendada risueño:risueña sediento:sedienta "
            "solitario:solitaria tardío:tardía tejido:tejida tímido:tímida tranquilo:tranquila "
            "travieso:traviesa valiente:valiente verde:verde violeta:violeta",
            "adj_m",
            "adj_f",
        ),
        **forms(
            "relojero:relojeros farero:fareros cartógrafo:cartógrafos barquero:barqueros "
            "jardinero:jardineros violinista:violinistas vidriero:vidrieros "
            "campanero:campaneros cartero:carteros panadero:panaderos herrero:herreros "
            "molinero:molineros pescador:pescadores librero:libreros tejedor:tejedores "
            "afinador:afinadores farolero:faroleros apicultor:apicultores "
            "carpintero:carpinteros nadador:nadadores alfarero:alfareros botánico:botánicos "
            "cantero:canteros cestero:cesteros cordelero:cordeleros encuadernador:encuadernadores "
            "grabador:grabadores guitarrero:guitarreros hilandero:hilanderos "
            "marinero:marineros pastor:pastores sastre:sastres titiritero:titiriteros "
            "tonelero:toneleros viñador:viñadores zapatero:zapateros",
            "person",
            "persons",
        ),
        "number": tuple(
            "siete nueve diez once doce trece catorce quince veinte treinta cuarenta cien".split()
        ),
        "place": joined(
            "Valde Monte Torre Casta Peña Ribe Alba Fuen Olmo Sierra Vero Campo Alame Arro "
            "Bella Brisa Caña Cerra Clara Enci Espi Flori Gara Hino Jara Lauro Llano Mira Nava "
            "Nogue Oliva Piña Quinta Robre Rosa Sali Sota Tama Villa Zarza",
            "morena lía randa nosa brial dora mila sueña ballo cinas dilla fría ganza jón "
            "lares llosa mayor mora negrilla nilla quera res rina sol toral tilla verde viña",
        ),
        "given": tuple(
            "Elvira Tomás Inés Bruno Aurora Lucio Marina Darío Olga Hugo Clara Amaro Nuria "
            "Simón Berta Adela Baltasar Celia Damián Emilia Fabio Gala Héctor Irene Jacinto "
            "Lidia Mateo Noelia Octavio Paloma Rafael Sara Tadeo Úrsula Valentín Yolanda Zoe "
            "Gaspar Leonor Matías Abril Benito Candela Dimas Elena Fermín Greta Horacio Isaura "
            "Joaquín Laura Marcos Nieves Óscar Pilar Román Silvia Telmo Vera Ximena".split()
        ),
        "family": joined(
            "Mora Casti Olive Ribe Alba Serra Pala Fonte Barra Cala Dora Este Fara Gali Herra "
            "Jara Lara Mede Nava Oro Pera Quiro Riba Sala Tove Ura Vera Zala Bere Cande",
            "lbo rén nedo veira ltán barri cedo dueña gales llosa mir ndal rque tana zar",
        ),
        "craft": lines("""
            Acuarela
            Gouache
            Caligrafía
            Dibujo a lápiz
            Linograbado
            Bordado
            Punto y ganchillo
            Patchwork
            Cestería
            Cerámica
            Talla de madera
            Mosaico
            Velas caseras
            Pan casero
            Jardín en el balcón
            Encuadernación
            Fieltro
            Macramé
            Pastel
            Ukelele
            Vidrieras
            Papel plegado
            Ajedrez
            Cuero a mano
            Huerto en casa
        """),
        "when": lines("""
            por las tardes
            en fin de semana
            por las mañanas
            para el invierno
            para el verano
            en casa
            sin prisa
            para principiantes
            en familia
            para días de lluvia
            a mano
            paso a paso
            para manos tranquilas
            con una taza de té
            para todos
        """),
        "things": tuple(
            "barcos pájaros puentes tejados hojas limones teteras ventanas jardines árboles "
            "conchas nubes plumas manzanas peras puertas faroles flores colinas ríos gatos "
            "zorros peces estrellas letras cenefas bordes marcos tazas cestas cucharas cintas "
            "piedras búhos cometas casas escaleras montañas setas bellotas mariposas abejas "
            "velas sillas jarras vasos".split()
        ),
        "lesson": lines("""
            Antes de empezar
            La mesa y las herramientas
            Primeros pasos
            Elegir el material
            Cómo sujetarlo
            Un pequeño ejercicio
            Manos tranquilas
            Luz y sombra
            Cálido y frío
            Líneas rectas
            Formas redondas
            De lo grande a lo pequeño
            Trabajar por capas
            Repetir un motivo
            Que sea sencillo
            Errores frecuentes
            Arreglar lo que salió mal
            Trabajar de memoria
            Trabajar del natural
            El primer proyecto
            El segundo proyecto
            Un regalo para un amigo
            Rematar los bordes
            Mirar atrás
            Cuidado y conservación
            Práctica para la semana
            Preguntas y respuestas
            Un paso más
            Una pieza más grande
            El último proyecto
        """),
    },
)
