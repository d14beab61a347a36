"""Spanish words for invented titles."""

from packager.disguise.naming.lexicon import Lexicon, forms, joined

_MASCULINE = forms(
    "farol:faroles puente:puentes jardín:jardines tren:trenes faro:faros río:ríos "
    "bosque:bosques reloj:relojes mapa:mapas camino:caminos viento:vientos "
    "silencio:silencios barco:barcos puerto:puertos espejo:espejos invierno:inviernos "
    "verano:veranos eco:ecos molino:molinos cuaderno:cuadernos tejado:tejados ancla:anclas "
    "violín:violines paraguas:paraguas nido:nidos",
    "noun_m",
    "many",
)
_FEMININE = forms(
    "sombra:sombras orilla:orillas carta:cartas noche:noches torre:torres ventana:ventanas "
    "estación:estaciones estrella:estrellas campana:campanas lluvia:lluvias "
    "escalera:escaleras isla:islas llave:llaves canción:canciones niebla:nieblas "
    "colina:colinas barca:barcas golondrina:golondrinas marea:mareas linterna:linternas "
    "cometa:cometas brújula:brújulas vela:velas azotea:azoteas",
    "noun_f",
    "many",
)

LEXICON = Lexicon(
    titles=(
        "El {noun_m} {adj_m} del {person}",
        "La {noun_f} {adj_f} del {person}",
        "El {noun_m} {adj_m} de {place}",
        "La {noun_f} {adj_f} de {place}",
        "El {person} {adj_m} de {place}",
        "{number} {many} para el {person}",
        "{number} {many} en {place}",
        "El {person} y la {noun_f} {adj_f}",
        "El {person} y el {noun_m} {adj_m}",
    ),
    person="{given} {family}",
    credit="Una película de {name}",
    words={
        "noun_m": tuple(word for word in _MASCULINE["noun_m"] if word != "ancla"),
        "noun_f": _FEMININE["noun_f"],
        "many": _MASCULINE["many"] + _FEMININE["many"],
        **forms(
            "quieto:quieta dormido:dormida lejano:lejana perdido:perdida olvidado:olvidada "
            "dorado:dorada callado:callada secreto:secreta nevado:nevada azul:azul gris:gris "
            "breve:breve inmóvil:inmóvil invisible:invisible salado:salada antiguo:antigua "
            "lento:lenta blanco:blanca amargo:amarga sereno:serena prestado:prestada "
            "torcido:torcida descalzo:descalza pálido:pálida distraído:distraída",
            "adj_m",
            "adj_f",
        ),
        "person": tuple(
            "relojero farero cartógrafo barquero jardinero violinista vidriero campanero cartero "
            "panadero herrero molinero pescador librero tejedor afinador farolero apicultor "
            "carpintero nadador".split()
        ),
        "number": tuple(
            "siete nueve diez once doce trece catorce quince veinte treinta cuarenta cien".split()
        ),
        "place": joined(
            "Valde Monte Torre Casta Peña Ribe Alba Fuen Olmo Sierra Vero Campo",
            "morena lía randa nosa brial dora mila sueña",
        ),
        "given": tuple(
            "Elvira Tomás Inés Bruno Aurora Lucio Marina Darío Olga Hugo Clara Amaro Nuria "
            "Simón Berta".split()
        ),
        "family": joined("Mora Casti Olive Ribe Alba Serra Pala Fonte", "lbo rén nedo veira ltán"),
    },
)
