"""Countries of an invented CRM: who lives there, how numbers are dialled, what firms are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """One country.

    share: of all firms, in percent. cultures: percent of its people by culture. names: how CRMs write it.
    cities: the biggest first, other ways of writing one behind a slash. dial, trunk: before the number from
    abroad and at home. mobile, landline: how numbers begin. digits: of a mobile number and of a landline, without
    the trunk.
    forms: legal forms and their shares, other ways of writing one behind a slash. endings: of domains.
    """

    share: float
    cultures: Mapping[str, float]
    names: tuple[str, ...]
    cities: tuple[str, ...]
    dial: str
    trunk: str
    mobile: tuple[str, ...]
    landline: tuple[str, ...]
    digits: tuple[int, int]
    forms: tuple[tuple[str, float], ...]
    endings: tuple[str, ...]


_LATIN = {"es": 90, "pt": 1, "eu": 2, "ca": 1, "en": 2, "de": 1, "fr": 1, "ar": 1, "zh": 1}


def _list(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(","))


COUNTRIES: Mapping[str, Country] = {
    "ES": Country(
        36, {"es": 74, "ca": 11, "eu": 6, "ar": 3, "en": 2, "zh": 1, "pt": 1, "fr": 1, "de": 1},
        _list("España, Spain, ES, Espanya, ESP"),
        _list("""Madrid, Barcelona/BCN, Valencia/València, Sevilla/Seville, Zaragoza, Málaga, Murcia, Palma/Palma de Mallorca,
          Bilbao/Bilbo, Alicante/Alacant, Córdoba, Valladolid, Vigo, Gijón/Xixón, Vitoria/Vitoria-Gasteiz, A Coruña/La Coruña,
          Granada, Pamplona/Iruña, San Sebastián/Donostia, Girona/Gerona, Lleida/Lérida, Santander, Burgos, Cádiz, Logroño"""),
        "34", "", ("6", "6", "6", "7"), ("91", "93", "96", "95", "94", "97", "98"), (9, 9),
        (("S.L./SL/S. L./Sociedad Limitada", 66), ("S.A./SA/S. A.", 18), ("S.L.U./SLU", 9), ("S. Coop./Sdad. Coop.", 3),
         ("", 4)),
        ("es", "com", "com.es", "eu", "cat"),
    ),
    "MX": Country(
        15, _LATIN, _list("México, Mexico, MX, Méjico, MEX"),
        _list("""Ciudad de México/CDMX/México D.F./Mexico City, Guadalajara/GDL, Monterrey, Puebla, Tijuana, León, Querétaro/Qro.,
          Mérida, Toluca, San Luis Potosí, Cancún, Hermosillo, Aguascalientes, Chihuahua"""),
        "52", "", ("55", "33", "81", "22", "44"), ("55", "33", "81", "66", "99"), (10, 10),
        (("S.A. de C.V./SA de CV/S.A DE C.V./S. A. de C. V.", 78), ("S. de R.L. de C.V./S de RL de CV", 16), ("S.C./SC", 6)),
        ("com.mx", "mx", "com"),
    ),
    "CO": Country(
        7, _LATIN, _list("Colombia, CO, COL"),
        _list("Bogotá/Bogotá D.C./Bogota, Medellín, Cali, Barranquilla, Cartagena, Bucaramanga, Pereira, Manizales"),
        "57", "", ("30", "31", "32"), ("601", "602", "604", "605"), (10, 10),
        (("S.A.S./SAS", 72), ("Ltda./LTDA/Limitada", 18), ("S.A./SA", 10)), ("com.co", "co", "com"),
    ),
    "AR": Country(
        6, _LATIN, _list("Argentina, AR, ARG"),
        _list("Buenos Aires/CABA/Capital Federal, Córdoba, Rosario, Mendoza, La Plata, Mar del Plata, Salta, Tucumán"),
        "54", "0", ("911", "935", "934"), ("11", "35", "34", "26"), (11, 10),
        (("S.A./SA", 55), ("S.R.L./SRL", 40), ("S.A.S./SAS", 5)), ("com.ar", "com", "ar"),
    ),
    "CL": Country(
        4, _LATIN, _list("Chile, CL, CHL"), _list("Santiago/Santiago de Chile, Valparaíso, Concepción, Antofagasta, Temuco"),
        "56", "", ("9",), ("22", "23", "41", "32"), (9, 9),
        (("SpA/S.p.A./SPA", 50), ("Ltda./Limitada/LTDA", 35), ("S.A./SA", 15)), ("cl", "com"),
    ),
    "PE": Country(
        3, _LATIN, _list("Perú, Peru, PE"), _list("Lima, Arequipa, Trujillo, Chiclayo, Cusco/Cuzco, Piura"),
        "51", "0", ("9",), ("1", "54", "44"), (9, 8),
        (("S.A.C./SAC", 65), ("E.I.R.L./EIRL", 20), ("S.R.L./SRL", 15)), ("com.pe", "pe", "com"),
    ),
    "BR": Country(
        6, {"pt": 93, "es": 3, "de": 2, "ar": 1, "zh": 1}, _list("Brasil, Brazil, BR, BRA"),
        _list("São Paulo/Sao Paulo/SP, Rio de Janeiro/Rio, Belo Horizonte/BH, Curitiba, Porto Alegre, Recife, Salvador, Campinas"),
        "55", "0", ("119", "219", "319", "419"), ("11", "21", "31", "41"), (11, 10),
        (("Ltda./LTDA/Limitada", 75), ("S.A./S/A/SA", 18), ("ME", 7)), ("com.br", "com"),
    ),
    "PT": Country(
        4, {"pt": 94, "es": 3, "fr": 1, "en": 1, "zh": 1}, _list("Portugal, PT, PRT"),
        _list("Lisboa/Lisbon, Porto/Oporto, Braga, Coimbra, Aveiro, Faro, Setúbal, Funchal"),
        "351", "", ("91", "92", "93", "96"), ("21", "22", "25", "23"), (9, 9),
        (("Lda./LDA/Limitada", 75), ("S.A./SA", 20), ("Unipessoal Lda.", 5)), ("pt", "com"),
    ),
    "US": Country(
        8, {"en": 70, "es": 15, "zh": 5, "de": 3, "fr": 2, "ar": 3, "pt": 2}, _list("United States, USA, US, EE. UU., U.S.A."),
        _list("""New York/NYC/New York City, Los Angeles/LA, Chicago, Houston, Miami, Dallas, Austin, San Francisco/SF, Boston,
          Seattle, Denver, Atlanta, Phoenix, San Diego, Philadelphia"""),
        "1", "", ("212", "310", "312", "713", "305", "214", "512", "415"), ("646", "323", "773", "281", "786", "972"), (10, 10),
        (("Inc./Inc/Incorporated", 52), ("LLC/L.L.C.", 34), ("Corp./Corporation", 9), ("Co./Company", 5)), ("com", "io", "us"),
    ),
    "GB": Country(
        4, {"en": 86, "ar": 5, "zh": 2, "fr": 2, "de": 1, "es": 3, "pt": 1}, _list("United Kingdom, UK, GB, Reino Unido"),
        _list("London/Londres, Manchester, Birmingham, Leeds, Glasgow, Bristol, Edinburgh, Liverpool, Cardiff"),
        "44", "0", ("74", "75", "77", "78", "79"), ("20", "161", "121", "113"), (10, 10),
        (("Ltd/Ltd./Limited", 85), ("PLC/plc", 7), ("LLP", 8)), ("co.uk", "com", "uk"),
    ),
    "DE": Country(
        3, {"de": 86, "ar": 5, "en": 2, "fr": 2, "es": 3, "zh": 2}, _list("Deutschland, Germany, DE, Alemania"),
        _list("Berlin, Hamburg, München/Munich/Muenchen, Köln/Cologne/Koeln, Frankfurt/Frankfurt am Main, Stuttgart, Düsseldorf"),
        "49", "0", ("151", "160", "170", "172", "176"), ("30", "40", "89", "221", "69"), (10, 10),
        (("GmbH/G.m.b.H./Gmbh", 72), ("AG", 10), ("GmbH & Co. KG/GmbH&Co.KG", 14), ("UG", 4)), ("de", "com", "eu"),
    ),
    "FR": Country(
        4, {"fr": 84, "ar": 8, "es": 3, "pt": 2, "en": 1, "zh": 2}, _list("France, FR, Francia, FRA"),
        _list("Paris, Lyon, Marseille, Toulouse, Bordeaux, Lille, Nantes, Nice, Strasbourg, Montpellier"),
        "33", "0", ("6", "6", "7"), ("1", "4", "5", "2", "3"), (9, 9),
        (("SAS/S.A.S.", 45), ("SARL/S.A.R.L.", 42), ("SA/S.A.", 13)), ("fr", "com"),
    ),
}  # fmt: skip

CODES = tuple(COUNTRIES)
