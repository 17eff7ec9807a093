"""Surnames by culture: the common ones in their order, and a long tail that is put together of two parts."""

from __future__ import annotations

from collections.abc import Mapping

_COMMON: Mapping[str, str] = {
    "es": """García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Ruiz Díaz
        Moreno Muñoz Álvarez Romero Gutiérrez Alonso Torres Navarro Ramírez Ramos Flores Gil Vázquez Serrano Castro Cruz
        Morales Ortiz Delgado Marín Suárez Molina Vargas Ortega Rubio Castillo Reyes Medina Rojas Herrera Mendoza
        Núñez Garrido Cortés Guerrero Cano Santos Iglesias Lozano Domínguez Aguilar Vega Guzmán Chávez Rivera Peña
        Cabrera Méndez Prieto Campos Calvo León Vidal Fuentes Gallego Nieto Carrasco Caballero Cárdenas Espinoza
        Quispe Mamani Contreras Salazar Silva Valencia Ríos Acosta Sosa Benítez Giménez Vera Ibáñez Ferrer Santana
        Pascual Herrero Lorenzo Montero Hidalgo Arias Duran Crespo Velasco Esteban Pastor Parra Soto Bravo Rivas
        Bermúdez Zapata Ochoa Cáceres Salinas Figueroa Pizarro Lara Escobar Barrios Roldán Luna Paredes Zamora
        Correa Cordero Ávila Miranda Maldonado Villalobos Cornejo Huerta Trejo Zúñiga""",
    "pt": """Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques
        Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha
        Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes Matos Fonseca Machado Araújo Barbosa Tavares Lourenço
        Castro Figueiredo Azevedo Freitas Magalhães Nascimento Barros Batista Campos Melo""",
    "eu": """Agirre Etxeberria Goikoetxea Zubizarreta Mendizabal Arregi Ugarte Urrutia Iturralde Otxoa Aranburu
        Olabarria Elizondo Bengoetxea Garmendia Arrieta Ibarra Azkue Lasa Egaña Zabala Aldekoa Larrañaga Zulueta""",
    "ca": """Vila Puig Ferrer Serra Roca Soler Vidal Bosch Font Pujol Casals Mas Roig Sala Torrent Riera Prat Camps Costa
        Ribas Planas Coll Valls Oliver Rovira Grau Esteve Fabregat Castells Badia Guasch Llopis Sabater Bonet""",
    "en": """Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Jackson Thompson
        White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker Nelson Hall
        Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Edwards Collins Stewart Morris Murphy Cook Rogers
        Morgan Cooper Reed Bailey Bell Kelly Ward Watson Brooks Bennett Gray Hughes Price Foster Russell Cox Graham
        Patel Singh Khan Reynolds Hamilton Wallace Ellis Stevens Murray Ford O'Brien O'Connor McDonald MacLeod""",
    "de": """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein
        Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann
        Köhler Maier Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Vogel Friedrich Keller Günther Böhm""",
    "fr": """Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux
        David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure
        André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Clément Gérard""",
    "ar": """Benali Alaoui Haddad Idrissi Bennani Mansouri Amrani Tazi Berrada Chaoui Ouali Saidi Hakimi Naciri Zerhouni
        Rahmani Khalil Farouk Hariri Nasser Saleh Hussein Abbas Najjar Qasim Jaber Sabbagh Khoury""",
    "zh": """Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang
        Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao""",
}
COMMON: Mapping[str, tuple[str, ...]] = {
    each: tuple(names.split()) for each, names in _COMMON.items()
}

_PARTS: Mapping[str, tuple[str, str]] = {
    "es": (
        """Villa Monte Fuente Val Casa Torre Ribera Campo Peña Rio Puente Font Mira San Al Bel Casti Car Man Or Sal
        Tor Zal Ol Mar Cer Bar Es Gal Llor Mon Que Ro Ser Tri Ur Bena Gua Ler Pa""",
        """lobos franca seca rubia nueva alta mayor rosa verde blanco real mar sol zano dero zuela rrillo ñoso
        vides cedo ces lejo lanza rada mora rraga ndoza yuela llanes tera bano mente zagoitia cete""",
    ),
    "pt": (
        "Al Bor Bra Cam Car Cas Cor Fa Fer Fi Gui Lei Ma Me Mon Ne Pa Pei Quei Sal Se Ta Va Vil",
        "meida ges gança pelo valho telo deiro ria raz gueira marães tão deiros nezes teiro grão checo xoto rós",
    ),
    "eu": (
        """Agirre Alda Aran Arri Bengo Beltz Elor Erre Etxe Garai Goiko Ibar Iri Iturri Larra Lizar Mendi Olaba Otxan
        Saga Sala Uga Urru Zaba Zubi Zuma""",
        "aga aldea alde arte berri bide bil egi ena eta etxea garai iaga mendi oa ola sagasti sarri sola txo uri zabal",
    ),
    "ca": (
        "Bar Bel Ber Bon Cap Car Casa Cas Co Des Es For Gi Gra Lla Mar Mon Pala Pu Ros Sal Ser Tor Vall Vila",
        "bany cells coll dell dera devila fort gués ller longa mitjana nés nova plana ras rell rich sola tró vert",
    ),
    "en": (
        """Ash Bark Black Brad Brook Burn Cran Craw Dal East Fair Farn Green Hart Haw Hol Kings Lang Lock Mar Nor Oak Pres
        Rad Red Rock Ship Stan Sut Thorn Wake West Whit Win Wood""",
        "worth field wood ton ley ford ham by bridge brook combe croft dale den gate hurst land man more shaw stone well",
    ),
    "de": (
        "Alt Berg Birken Brand Dorn Eber Eich Eisen Feld Fried Gold Grün Hein Hirsch Hohen Kirch Linden Mühl Neu Ober "
        "Rosen Sand Schön Stein Tann Unter Wald Wein Wester Wies",
        "acker auer bach baum berg burger eder egger feld hardt hauser heim hofer holz huber kamp mann meier müller ner",
    ),
    "fr": (
        "Beau Bel Blan Bois Bon Bour Char Chau Clair Cour Dela Du Fon Gail Gran Haut La Mon Mont Per Ro Saint Ver Ville",
        "bert champ chard court din dou fort geon gny lard lieu mont mard nier pont ral rond tier val ville",
    ),
    "ar": ("Ben El Al Bou Abd", "aissa amri azizi bakri fassi filali ghazi hamid jabri kabir malki omari rifi sebti yazid"),
    "zh": ("Ou Si Shang Zhu Xia", "yang tu guan ge hou"),
}  # fmt: skip

_MIDDLES = ("", "ar", "en", "il", "or", "an")
TAIL: Mapping[str, tuple[str, ...]] = {
    culture: tuple(
        head + middle + end for middle in _MIDDLES for head in heads.split() for end in ends.split()
    )
    for culture, (heads, ends) in _PARTS.items()
}
"""Rare names: no list of a country's real ones, but as many and as alike as rare names are."""

COMMON_SHARE: Mapping[str, float] = {
    "es": 0.62, "pt": 0.7, "eu": 0.35, "ca": 0.4, "en": 0.3, "de": 0.3, "fr": 0.25, "ar": 0.6, "zh": 0.97,
}  # fmt: skip
"""How many people of a culture bear one of the common names."""

TWO_SURNAMES = {"es": 1.0, "eu": 1.0, "ca": 1.0, "pt": 0.6}
"""How many of a culture have two surnames: the parents', in either order."""

PARTICLES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "es": (0.04, ("de la", "de", "del", "de los")),
    "pt": (0.22, ("da", "dos", "de", "do")),
    "fr": (0.05, ("de", "de la", "du", "Le")),
    "de": (0.04, ("von", "van", "van der", "zu")),
    "en": (0.01, ("van", "De", "St.")),
    "ar": (0.15, ("El", "Al", "Ben", "Ait")),
}
