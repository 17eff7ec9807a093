"""The words demo data is made of: names, places, titles and industries. Knows no CRM."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A market: ISO code, weight, name in English and in Spanish, language, cities, legal forms."""

    code: str
    weight: int
    english: str
    spanish: str
    language: str
    cities: tuple[str, ...]
    legal_forms: tuple[str, ...]


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split("|"))


COUNTRIES: tuple[Country, ...] = (
    Country(
        "ES", 35, "Spain", "España", "es",
        ("Madrid", "Barcelona", "València", "Sevilla", "Zaragoza", "Málaga", "A Coruña", "Bilbao",
         "Donostia-San Sebastián", "Logroño", "Cáceres", "L'Hospitalet de Llobregat"),
        ("S.L.", "S.A.", "S.L.U.", "S. Coop."),
    ),
    Country(
        "MX", 15, "Mexico", "México", "es",
        ("Ciudad de México", "Guadalajara", "Monterrey", "Puebla", "Mérida", "Querétaro", "León"),
        ("S.A. de C.V.", "S. de R.L. de C.V.", "S.A.P.I. de C.V."),
    ),
    Country(
        "CO", 12, "Colombia", "Colombia", "es",
        ("Bogotá", "Medellín", "Cali", "Barranquilla", "Cartagena de Indias", "Ibagué"),
        ("S.A.S.", "Ltda.", "S.A."),
    ),
    Country(
        "CL", 8, "Chile", "Chile", "es",
        ("Santiago", "Valparaíso", "Concepción", "Viña del Mar", "Ñuñoa"), ("SpA", "Ltda.", "S.A."),
    ),
    Country(
        "AR", 8, "Argentina", "Argentina", "es",
        ("Buenos Aires", "Córdoba", "Rosario", "Mendoza", "San Miguel de Tucumán"),
        ("S.R.L.", "S.A.", "S.A.S."),
    ),
    Country(
        "PE", 5, "Peru", "Perú", "es",
        ("Lima", "Arequipa", "Trujillo", "Cusco", "Huancayo"), ("S.A.C.", "E.I.R.L.", "S.R.L."),
    ),
    Country(
        "US", 9, "United States", "Estados Unidos", "en",
        ("Austin", "Miami", "New York", "Chicago", "San José", "St. Louis", "Winston-Salem"),
        ("Inc.", "LLC", "Corp."),
    ),
    Country(
        "GB", 8, "United Kingdom", "Reino Unido", "en",
        ("London", "Manchester", "Bristol", "Newcastle upon Tyne", "Edinburgh", "Leeds"),
        ("Ltd", "PLC", "LLP"),
    ),
)  # fmt: skip

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "es": _words(
        "María Carmen|Josefa|Ana|Lucía|Inés|Begoña|Núria|Ximena|Rocío|Íngrid|María del Carmen|"
        "María José|Ana Belén|Luz Marina|Sofía|Valentina|Ángela|Mónica|Verónica|Noelia|Araceli|"
        "Montserrat|Guadalupe|Yolanda|Martina|José Luis|Antonio|Juan Carlos|Ángel|Íñigo|Jesús|"
        "Óscar|Raúl|Andrés|Martín|Joaquín|Sebastián|Matías|Nicolás|Tomás|Rubén|Adrián|Álvaro|"
        "Gonzalo|Hernán|Fermín|Roberto|Xabier|Jordi|Julián|Ramón|Agustín|Efraín|Héctor|Iván|"
        "César|Darío|Pilar|Paula|Camila|Elena|Marta|Teresa|Gabriela|Daniela|Fernanda|Irene"
    ),
    "en": _words(
        "Olivia|Amelia|Grace|Charlotte|Hannah|Megan|Siobhán|Zoë|Chloé|Rachel|Abigail|Emily|"
        "Victoria|Laura|Imogen|Priya|Aisha|Mei|Jack|Harry|Oliver|George|William|James|Thomas|"
        "Edward|Henry|Samuel|Benjamin|Daniel|Seán|Ewan|Rhys|Connor|Marcus|Tyler|Mary Ann|"
        "Jean-Luc|Renée|André|Patrick|Stephen|Philip|Walter|Derek|Nigel|Fiona|Heather"
    ),
}

SURNAMES: dict[str, tuple[str, ...]] = {
    "es": _words(
        "García|Fernández|González|Rodríguez|López|Martínez|Sánchez|Pérez|Gómez|Martín|Jiménez|"
        "Hernández|Ruiz|Díaz|Moreno|Álvarez|Muñoz|Romero|Gutiérrez|Navarro|Torres|Domínguez|Gil|"
        "Vázquez|Serrano|Ramos|Blanco|Molina|Suárez|Ortega|Delgado|Castro|Ortiz|Rubio|Marín|Sanz|"
        "Núñez|Iglesias|Medina|Garrido|Cortés|Castillo|Santos|Lozano|Guerrero|Cano|Prieto|Méndez|"
        "Cruz|Herrera|Peña|Flores|Cabrera|Campos|Vega|Fuentes|Carrasco|Estévez|Esteve|Ibáñez|"
        "Etxeberria|Goikoetxea|Puigdomènech|Quispe|Mamani|Huamán|Restrepo|Ospina|Zúñiga|Sepúlveda|"
        "Aguirre|Echeverría|de la Fuente|De la Torre|del Río|de los Santos|de León|Ponce de León|"
        "San Martín|Ureña|Yáñez|Güell|Argüelles|Oñate|Bermúdez|Tejedor"
    ),
    "en": _words(
        "Smith|Jones|Taylor|Brown|Williams|Wilson|Johnson|Davies|Robinson|Wright|Thompson|Evans|"
        "Walker|White|Roberts|Green|Hall|Wood|Jackson|Clarke|O'Neill|O'Brien|McDonald|MacLeod|"
        "Fitzgerald|Van der Berg|Smith-Jones|Patel|Khan|Okafor|Nguyen|Kowalski|Schmidt|Hughes|"
        "Edwards|Turner|Collins|Bennett|Murphy|Kelly|Parker|Cook|Bailey|Cooper|Reed|Howard|"
        "Whitmore|Ashworth|Pemberton|Holloway"
    ),
}

TRADES: dict[str, tuple[str, ...]] = {
    "es": _words(
        "Aceites|Almacenes|Aislamientos|Bodegas|Cartonajes|Cerámicas|Clínica|Construcciones|"
        "Conservas|Consultores|Distribuciones|Editorial|Embalajes|Energías|Envases|Farmacéutica|"
        "Ferretería|Frutas|Gestoría|Grúas|Hoteles|Ingeniería|Instalaciones|Laboratorios|Lácteos|"
        "Logística|Maderas|Maquinaria|Muebles|Óptica|Panificadora|Pinturas|Químicas|Seguros|"
        "Servicios|Software|Talleres|Tecnologías|Textiles|Transportes|Viveros|Vidrios"
    ),
    "en": _words(
        "Analytics|Bakery|Brewing|Builders|Carpets|Chemicals|Consulting|Dental|Distribution|"
        "Electrics|Energy|Engineering|Foods|Freight|Furniture|Gardens|Glassworks|Health|Hotels|"
        "Insurance|Labs|Logistics|Machinery|Media|Optics|Packaging|Paints|Pharma|Plastics|Print|"
        "Robotics|Security|Software|Steel|Textiles|Timber|Tools|Travel|Utilities|Wireless"
    ),
}

PLACES: dict[str, tuple[str, ...]] = {
    "es": _words(
        "del Guadalquivir|del Ebro|Ibarra|Andina|del Cantábrico|La Encina|El Roble|Nuevo Horizonte|"
        "San Telmo|Santa Lucía|del Pacífico|Sierra Nevada|Tres Ríos|La Moncloa|Altiplano|Pampeana|"
        "Valle Verde|Costa Brava|El Mirador|Los Álamos|Peñarrubia|Montearagón|Atlántida|Bellavista|"
        "Cuatro Caminos|Dos Hermanas|Puerto Real|Piedra Blanca|Río Claro|Cordillera|Meseta|"
        "Campoverde|Las Acacias|Villa Rosa|Tierra Firme|La Alameda|El Trébol|Mar de Plata|"
        "Aguasclaras|Monteverde|Guaraní|Quetzal|Cóndor|Jacarandá|Ñandú|Ébano"
    ),
    "en": _words(
        "Oakfield|Riverside|Northgate|Summit|Harbour|Clearwater|Redwood|Stonebridge|Lakeshore|"
        "Highland|Meadow|Foxglove|Ironbridge|Silverline|Bluebird|Kingsway|Thornbury|Westmoor|"
        "Ashdown|Copperfield|Fairview|Greenway|Hawthorn|Juniper|Larkspur|Millbrook|Newhaven|"
        "Old Mill|Pinecrest|Quayside|Rosewood|Saltmarsh|Tidewater|Underhill|Willow|Yewtree"
    ),
}

TITLES: dict[str, tuple[str, ...]] = {
    "es": _words(
        "Director Comercial|Directora de Marketing|Gerente General|Responsable de Compras|"
        "Jefa de Operaciones|Director Financiero|Coordinadora de Logística|Técnico de Sistemas|"
        "Administrativa|Socia fundadora|Jefe de Producción|Analista de Datos|Consejero Delegado|"
        "Encargada de Tienda|Responsable de Calidad|Directora de RR. HH.|Asesor Jurídico"
    ),
    "en": _words(
        "VP of Sales|Head of Marketing|Chief Executive Officer|Procurement Manager|IT Director|"
        "Operations Manager|Finance Director|Product Manager|Office Manager|Founder|CTO|"
        "Data Analyst|Account Executive|Quality Lead|HR Business Partner|General Counsel"
    ),
}

STREETS: dict[str, tuple[str, ...]] = {
    "es": ("Calle Mayor", "Avenida de la Constitución", "Paseo de Gracia", "Calle Nueva",
           "Carrera 7", "Avenida Insurgentes", "Plaza de España", "Camino Real", "Jirón Unión"),
    "en": ("High Street", "Main Street", "Station Road", "Market Street", "King's Road",
           "5th Avenue", "Victoria Road", "Mill Lane", "Elm Street"),
}  # fmt: skip

# (Salesforce's standard picklist, HubSpot's internal enumeration value) of one industry.
# Account describe recorded by CumulusCI; HubSpot company property `industry` (both read 2026-11).
INDUSTRIES: tuple[tuple[str, str], ...] = (
    ("Agriculture", "FARMING"),
    ("Apparel", "APPAREL_FASHION"),
    ("Banking", "BANKING"),
    ("Biotechnology", "BIOTECHNOLOGY"),
    ("Chemicals", "CHEMICALS"),
    ("Construction", "CONSTRUCTION"),
    ("Consulting", "MANAGEMENT_CONSULTING"),
    ("Education", "EDUCATION_MANAGEMENT"),
    ("Entertainment", "ENTERTAINMENT"),
    ("Environmental", "RENEWABLES_ENVIRONMENT"),
    ("Finance", "FINANCIAL_SERVICES"),
    ("Food & Beverage", "FOOD_BEVERAGES"),
    ("Healthcare", "HOSPITAL_HEALTH_CARE"),
    ("Hospitality", "HOSPITALITY"),
    ("Insurance", "INSURANCE"),
    ("Machinery", "MACHINERY"),
    ("Retail", "RETAIL"),
    ("Technology", "COMPUTER_SOFTWARE"),
    ("Telecommunications", "TELECOMMUNICATIONS"),
    ("Transportation", "TRANSPORTATION_TRUCKING_RAILROAD"),
    ("Utilities", "UTILITIES"),
)

LEAD_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")

CONTACT_ROLES = (
    "Decision Maker",
    "Economic Buyer",
    "Evaluator",
    "Influencer",
    "Business User",
    "Technical Buyer",
)

PRODUCTS: dict[str, tuple[str, ...]] = {
    "es": ("Licencias anuales", "Renovación", "Implantación", "Ampliación de sedes", "Piloto",
           "Soporte premium", "Migración"),
    "en": ("Annual licences", "Renewal", "Rollout", "Expansion", "Pilot", "Premium support",
           "Migration"),
}  # fmt: skip
