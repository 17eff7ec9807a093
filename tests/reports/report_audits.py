"""Audits of one invented customer base, with their words and findings."""

from __future__ import annotations

from crmsync.core.auditing import Audit, Finding

# id: category, entity, severity, blocking, minutes, (title, why, remedy) in English and Spanish.
AUDITS = {
    "G02": (
        ("consent", "contact", "error", True, 3),
        (
            "Opted out in one system, still subscribed in the other.",
            "The next campaign writes to people who asked not to be written to.",
            "Carry the opt-out to the other system before anything else is sent.",
        ),
        (
            "Con baja de correos en un sistema y suscritos en el otro.",
            "La próxima campaña escribirá a personas que pidieron no recibir correos.",
            "Llevar la baja al otro sistema antes de enviar nada más.",
        ),
    ),
    "C05": (
        ("duplicates", "contact", "error", True, 4),
        (
            "Contacts with the same e-mail inside one system.",
            "Each copy gets its own owner, its own score and its own e-mails.",
            "Merge them in the CRM, keeping the record that has the deals.",
        ),
        (
            "Contactos con el mismo correo dentro de un sistema.",
            "Cada copia tiene su propio responsable, su puntuación y sus correos.",
            "Fusionarlos en el CRM y conservar el registro que tiene las oportunidades.",
        ),
    ),
    "M01": (
        ("duplicates", "company", "warning", False, 6),
        (
            "Companies with the same web domain inside one system.",
            "Revenue of one customer is spread over several accounts.",
            "Merge them, or tie branches to their parent company.",
        ),
        (
            "Empresas con el mismo dominio web dentro de un sistema.",
            "Los ingresos de un cliente quedan repartidos entre varias cuentas.",
            "Fusionarlas, o vincular las sucursales a su empresa matriz.",
        ),
    ),
    "D06": (
        ("roles", "deal", "error", False, 5),
        (
            "Won deals without a contact role.",
            "No campaign can be credited for them, and nobody knows who bought.",
            "Ask the owner who decided, and add that contact with a role.",
        ),
        (
            "Oportunidades ganadas sin rol de contacto.",
            "No se les puede atribuir ninguna campaña, y nadie sabe quién compró.",
            "Preguntar al propietario quién decidió y añadir ese contacto con su rol.",
        ),
    ),
    "D10": (
        ("completeness", "deal", "warning", False, 2),
        (
            "Deals without a company.",
            "They are missing from every revenue figure by account.",
            "Tie each one to the company of its main contact.",
        ),
        (
            "Oportunidades sin empresa.",
            "Faltan en todas las cifras de ingresos por cuenta.",
            "Vincular cada una con la empresa de su contacto principal.",
        ),
    ),
    "L06": (
        ("lifecycle", "contact", "warning", False, 1.5),
        (
            "In stage opportunity without an open deal.",
            "The funnel promises sales revenue that nobody is working on.",
            "Move the stage back, or open the deal that is missing.",
        ),
        (
            "En etapa oportunidad sin ninguna oportunidad abierta.",
            "El embudo promete ingresos en los que nadie está trabajando.",
            "Devolver la etapa, o crear la oportunidad que falta.",
        ),
    ),
    "L09": (
        ("lifecycle", "contact", "info", False, 2),
        (
            "Open lead and contact for one person.",
            "Two people may call the same customer.",
            "Convert the lead into the contact that exists.",
        ),
        (
            "Lead abierto y contacto de una misma persona.",
            "Dos vendedores pueden llamar al mismo cliente.",
            "Convertir el lead en el contacto que ya existe.",
        ),
    ),
    "L11": (
        ("lifecycle", "contact", "warning", False, 1),
        (
            "Customers without a won deal.",
            "They get the customer newsletter and no sales call.",
            "Correct the stage, or add the deal.",
        ),
        (
            "Clientes sin ninguna oportunidad ganada.",
            "Reciben el boletín de clientes y ninguna llamada de ventas.",
            "Corregir la etapa, o añadir la oportunidad.",
        ),
    ),
}


FIRST = ("Lucía", "Andrés", "Inés", "Bruno", "Noa", "Tomás", "Elena", "Iker", "Rosa", "Julián")


LAST = ("Quiroga", "Belmonte", "Arce", "Valdivia", "Oyarzún", "Pizarro", "Salvat", "Ferrán")


def audit(name: str) -> Audit:
    (category, entity, severity, blocking, minutes), english, spanish = AUDITS[name]
    texts = [{"en": en, "es": es} for en, es in zip(english, spanish, strict=True)]
    return Audit(
        id=name,
        name=name.lower(),
        severity=severity,
        entity=entity,
        category=category,
        summary=texts[0],
        why=texts[1],
        remedy=texts[2],
        query=f"SELECT system, object, id\nFROM {entity}\nWHERE id IS NOT NULL  -- {name}",
        blocking=blocking,
        minutes=minutes,
    )


def person(n: int) -> str:
    return f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}"


def findings(name: str, n: int) -> tuple[Finding, ...]:
    return tuple(_finding(audit(name), place) for place in range(n))


def _finding(of: Audit, n: int) -> Finding:
    detail, field, amount = {
        "G02": ("salesforce: true, hubspot: false", "email_opt_out", None),
        "C05": (f"lucia.{n}@example.com", "email", None),
        "M01": (f"empresa{n}.example", "domain", 12500.0 * (n + 1)),
        "D06": ("Closed Won", "stage", 8400.0 + 950 * n),
        "D10": (None, None, 3100.0 * (n + 1)),
        "L06": ("opportunity", "lifecycle_stage", None),
        "L11": (f"+34 600 100 {n:03d}", "phone", None),
    }.get(of.id, (None, None, None))
    if of.id == "G02":
        return Finding(
            of.id, of.severity, of.entity, None, None, None, f"key{n:021d}", field, detail, amount
        )
    objects = {"contact": "Contact", "company": "Account", "deal": "Opportunity"}
    system, object_ = ("salesforce", objects[of.entity]) if n % 3 else ("hubspot", f"{of.entity}s")
    return Finding(
        of.id, of.severity, of.entity, system, object_, f"{n:05d}", None, field, detail, amount
    )
