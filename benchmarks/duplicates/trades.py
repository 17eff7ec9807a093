"""What firms call themselves: trades by language, parts of invented brands, titles of those who work there."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGE = {
    "ES": "es", "MX": "es", "CO": "es", "AR": "es", "CL": "es", "PE": "es", "BR": "pt", "PT": "pt", "US": "en",
    "GB": "en", "DE": "de", "FR": "fr",
}  # fmt: skip

TRADES: Mapping[str, tuple[str, ...]] = {
    "es": tuple(
        """Talleres Transportes Construcciones Consultores Logística Ingeniería Seguros Inmobiliaria Distribuciones
        Servicios Alimentos Software Sistemas Comercial Hoteles Clínica Abogados Formación Energía Textil Químicas
        Farmacia Viajes Muebles Maquinaria Electricidad Informática Asesores Gestión Soluciones Instalaciones Bodegas
        Conservas Papelera Gráficas Reformas Automoción Suministros Laboratorios Telecomunicaciones Editorial Cerámicas
        Plásticos Metales Frutas Embalajes Óptica Dental Seguridad Limpiezas Turismo Publicidad Exportaciones""".split()
    ),
    "pt": tuple(
        """Transportes Construções Consultoria Logística Engenharia Seguros Imobiliária Distribuidora Serviços Alimentos
        Software Sistemas Comercial Hotéis Clínica Advogados Energia Têxtil Química Farmácia Viagens Móveis Máquinas
        Informática Soluções Vinhos Papelaria Gráfica Autopeças Laboratórios Embalagens Metais Turismo""".split()
    ),
    "en": tuple(
        """Consulting Logistics Engineering Insurance Realty Supply Services Foods Software Systems Partners Hotels Clinic
        Legal Training Energy Textiles Chemicals Pharma Travel Furniture Machinery Electric Solutions Analytics
        Capital Ventures Media Labs Health Security Packaging Motors Construction Plumbing Holdings Technologies""".split()
    ),
    "de": tuple(
        """Maschinenbau Logistik Technik Versicherungen Immobilien Handel Dienstleistungen Lebensmittel Software Systeme
        Beratung Hotels Bau Energie Textil Chemie Pharma Reisen Möbel Elektro Verlag Metallbau Werkzeuge Spedition""".split()
    ),
    "fr": tuple(
        """Transports Constructions Conseil Logistique Ingénierie Assurances Immobilier Distribution Services Alimentation
        Logiciels Systèmes Hôtels Avocats Formation Énergie Textile Chimie Pharmacie Voyages Meubles Électricité
        Informatique Emballages Imprimerie Sécurité""".split()
    ),
}
BRANDS: tuple[tuple[str, ...], ...] = (
    tuple(
        """Lu Ve No So Ari Al Be Cor Del Eu Fa Gal Hel In Jo Kal La Mer Nex Or Pro Qua Ra Sen Ter Ul Vi Xa Zen Bri Cla Dy
        Flo Glo Kri Pla Sta Tra Vol Am Bio Cy Eco Inno Opti Tecno Agro""".split()
    ),
    tuple("me vi li ri ta no di la mo so ne ba go ki tra pe ve lu fe ca".split()),
    tuple(
        """ra tek via lia nia ris dor nova sys mar cor lux ter dia quim gen tia plan net max tel sol ban med ria tron
        xis nor bel fin""".split()
    ),
)
GROUP = {"es": "Grupo", "pt": "Grupo", "en": "Group", "de": "Gruppe", "fr": "Groupe"}
PARTNERS = {
    "es": "& Asociados",
    "pt": "& Associados",
    "en": "& Partners",
    "de": "& Partner",
    "fr": "& Associés",
}
SHORT: Mapping[str, str] = {
    "Construcciones": "Const.", "Distribuciones": "Dist.", "Ingeniería": "Ing.", "Comercial": "Cial.",
    "Transportes": "Tptes.", "Servicios": "Serv.", "Inmobiliaria": "Inmob.", "Laboratorios": "Lab.", "Asociados": "Asoc.",
    "Telecomunicaciones": "Telecom", "Consultores": "Cons.", "Construções": "Constr.", "Distribuidora": "Dist.",
    "Engineering": "Eng.", "Services": "Svcs.", "Technologies": "Tech", "International": "Intl.", "Solutions": "Sol.",
    "Versicherungen": "Vers.", "Dienstleistungen": "Dienstl.", "Distribution": "Distrib.", "Partners": "Ptnrs",
}  # fmt: skip

TITLES: tuple[str, ...] = (
    "CEO/Director General/Chief Executive Officer/Consejero Delegado",
    "Director de Marketing/Marketing Director/Dir. Marketing/Directora de Marketing/CMO",
    "Responsable de Compras/Jefe de Compras/Purchasing Manager/Compras",
    "Director Comercial/Sales Director/Dir. Comercial/Head of Sales",
    "Director Financiero/CFO/Chief Financial Officer/Dir. Financiero",
    "Gerente/Manager/General Manager", "Administrativo/Administrativa/Office Manager",
    "Jefe de Proyecto/Project Manager/PM", "Director de IT/CTO/IT Director/Responsable de Sistemas",
    "Ingeniero/Engineer/Ing.", "Account Manager/Ejecutivo de Cuentas/KAM", "Consultor/Consultant/Consultora",
    "Director de RRHH/HR Director/HR Manager/Responsable de Personal", "Técnico/Technician", "Abogado/Lawyer",
    "Product Manager/Jefe de Producto", "Asistente de Dirección/Executive Assistant", "Socio/Partner", "Analista/Analyst",
    "Director de Operaciones/COO/Operations Director", "Propietario/Owner/Dueño", "Vendedor/Sales Representative",
)  # fmt: skip
