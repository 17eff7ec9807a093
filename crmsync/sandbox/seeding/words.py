"""The words of details: sources, jobs, notes and reasons, in the languages of the pools. Knows no CRM."""

from __future__ import annotations

# HubSpot's options for the original traffic source, commonest first, and how common each is.
TRAFFIC_SOURCES = (
    "ORGANIC_SEARCH", "DIRECT_TRAFFIC", "OFFLINE", "REFERRALS", "PAID_SEARCH", "EMAIL_MARKETING",
    "SOCIAL_MEDIA", "PAID_SOCIAL", "OTHER_CAMPAIGNS",
)  # fmt: skip
TRAFFIC_WEIGHTS = (25, 18, 18, 10, 9, 8, 6, 4, 2)

# Lifecycle stages of people whom marketing writes to, and pays for.
MAILED_STAGES = frozenset(
    {"marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist"}
)


def _names(*lines: str) -> frozenset[str]:
    return frozenset(name for line in lines for name in line.split("|"))


WOMEN = _names(
    "María Carmen|Josefa|Ana|Lucía|Inés|Begoña|Núria|Ximena|Rocío|Íngrid|María del Carmen",
    "María José|Ana Belén|Luz Marina|Sofía|Valentina|Ángela|Mónica|Verónica|Noelia|Araceli",
    "Montserrat|Guadalupe|Yolanda|Martina|Pilar|Paula|Camila|Elena|Marta|Teresa|Gabriela",
    "Daniela|Fernanda|Irene|Olivia|Amelia|Grace|Charlotte|Hannah|Megan|Siobhán|Zoë|Chloé",
    "Rachel|Abigail|Emily|Victoria|Laura|Imogen|Priya|Aisha|Mei|Mary Ann|Renée|Fiona|Heather",
)

JOB_FUNCTIONS = ("sales", "marketing", "finance", "operations", "information technology")
DEPARTMENTS: dict[str, dict[str, str]] = {
    "es": {
        "sales": "Ventas",
        "marketing": "Marketing",
        "finance": "Finanzas",
        "operations": "Operaciones",
        "information technology": "Sistemas",
    },
    "en": {
        "sales": "Sales",
        "marketing": "Marketing",
        "finance": "Finance",
        "operations": "Operations",
        "information technology": "IT",
    },
}
SENIORITIES = ("entry", "senior", "manager", "director", "executive", "owner")

INDUSTRY_NAMES: dict[str, dict[str, str]] = {
    "en": {},
    "es": {
        "Agriculture": "Agricultura",
        "Apparel": "Moda",
        "Banking": "Banca",
        "Biotechnology": "Biotecnología",
        "Chemicals": "Química",
        "Construction": "Construcción",
        "Consulting": "Consultoría",
        "Education": "Educación",
        "Entertainment": "Entretenimiento",
        "Environmental": "Medio ambiente",
        "Finance": "Finanzas",
        "Food & Beverage": "Alimentación y bebidas",
        "Healthcare": "Sanidad",
        "Hospitality": "Hostelería",
        "Insurance": "Seguros",
        "Machinery": "Maquinaria",
        "Retail": "Comercio minorista",
        "Technology": "Tecnología",
        "Telecommunications": "Telecomunicaciones",
        "Transportation": "Transporte",
        "Utilities": "Suministros",
    },
}
COMPANY_TEXTS = {
    "es": "{trade}, en {city} desde {year}.",
    "en": "{trade}, in {city} since {year}.",
}
DEAL_TEXTS = {
    "es": "Pidieron propuesta para todas las sedes.",
    "en": "They asked for a proposal for all sites.",
}

MESSAGES: dict[str, tuple[str, ...]] = {
    "es": ("¿Pueden llamarme por la tarde?", "Quisiera una demostración para mi equipo.",
           "Necesitamos precios para 50 usuarios."),
    "en": ("Could you call me in the afternoon?", "I would like a demo for my team.",
           "We need prices for 50 users."),
}  # fmt: skip
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "es": ("Llamar para fijar la demo", "Enviar propuesta revisada", "Reunión con compras",
           "Esperar visto bueno jurídico"),
    "en": ("Call to arrange the demo", "Send the revised proposal", "Meeting with procurement",
           "Wait for legal approval"),
}  # fmt: skip
LOSS_REASONS: dict[str, tuple[str, ...]] = {
    "es": ("Precio", "Eligieron a otro proveedor", "Sin presupuesto este año", "Sin respuesta"),
    "en": ("Price", "Chose another supplier", "No budget this year", "No answer"),
}  # fmt: skip
