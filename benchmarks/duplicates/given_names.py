"""Given names by culture, the commonest first: women's, men's."""

from __future__ import annotations

from collections.abc import Mapping

CULTURES = ("es", "pt", "eu", "ca", "en", "de", "fr", "ar", "zh")

_WOMEN: Mapping[str, str] = {
    "es": """María Carmen Ana Laura Lucía Isabel Cristina Marta Pilar Elena Paula Dolores Sara Rosa Raquel Teresa
        Patricia Andrea Mercedes Beatriz Silvia Julia Sofía Daniela Valentina Camila Mónica Alejandra Gabriela Natalia
        Verónica Fernanda Alicia Concepción Ángela Sandra Guadalupe Claudia Rocío Margarita Victoria Inés Lorena
        Adriana Irene Eva Nuria Susana Yolanda Ximena Esperanza Consuelo Inmaculada Luz Carolina Mariana Belén
        Soledad Encarnación Gloria Francisca Josefa Manuela Antonia Catalina Milagros Noelia Esther Amparo Virginia
        Ariadna Itzel Yesenia Marisol Graciela Olga Nieves Remedios Jimena Renata Fátima""",
    "pt": """Maria Ana Mariana Beatriz Carla Joana Inês Fernanda Juliana Patrícia Catarina Sofia Luciana Camila Rita
        Gabriela Adriana Teresa Sandra Sónia Larissa Letícia Amanda Bruna Débora Vanessa Renata Cláudia Margarida
        Marta Raquel Susana Vera Lúcia Helena Carolina Daniela Conceição Graça Isadora Tatiana Priscila""",
    "eu": """Ane Miren Nerea Ainhoa Leire Maite Amaia Itziar Arantxa Garazi Uxue Nagore Haizea Irati Maialen Izaro
        Olatz Naroa Ainara Begoña Edurne Oihana Elixabete Lorea Saioa Ziortza Eider Jone Nahia Idoia""",
    "ca": """Montserrat Núria Maria Mercè Laia Anna Marta Mireia Carme Meritxell Júlia Cristina Aina Gemma Eulàlia
        Roser Neus Imma Sílvia Mònica Teresa Assumpta Ariadna Martina Àngels Dolors Queralt Txell Judit Berta""",
    "en": """Mary Jennifer Elizabeth Patricia Sarah Linda Jessica Susan Emily Karen Ashley Margaret Laura Emma Olivia
        Katherine Rebecca Michelle Amanda Stephanie Nicole Victoria Rachel Samantha Deborah Helen Christine Barbara
        Kimberly Heather Megan Hannah Charlotte Amy Alexandra Julie Caroline Anne Catherine Abigail Lauren Theresa
        Judith Pamela Natalie Chloe Grace Eleanor Alice Joanna""",
    "de": """Anna Sabine Petra Julia Katharina Susanne Stefanie Claudia Andrea Monika Nicole Christina Sandra Lena
        Laura Birgit Ursula Martina Kerstin Anja Franziska Jana Ute Heike Lisa Elisabeth Gisela Bärbel Käthe Sophie
        Melanie Silke Antje Tanja Johanna Friederike""",
    "fr": """Marie Nathalie Isabelle Sophie Catherine Julie Camille Christine Anne Céline Sandrine Émilie Claire Aurélie
        Véronique Valérie Chloé Léa Stéphanie Hélène Élodie Françoise Manon Pauline Mathilde Margaux Delphine
        Florence Amélie Charlotte Laure Juliette Brigitte Agnès Zoé Noémie""",
    "ar": """Fatima Khadija Amina Aisha Salma Nadia Samira Hafsa Leila Yasmin Naima Mariam Zineb Hanane Karima Latifa
        Rachida Souad Houda Imane Ikram Malika Siham Nour Sara""",
    "zh": """Xiaoyan Jing Li Fang Min Yan Xiumei Lan Ying Xue Mei Xiaoling Hui Na Juan Yuting Jiayi Xinyi Yue Qing
        Wenjing Lili Hong Ping Tingting Meiling""",
}
_MEN: Mapping[str, str] = {
    "es": """José Antonio Juan Manuel Francisco Javier Carlos David Luis Miguel Alejandro Daniel Jesús Pedro Rafael
        Ángel Pablo Fernando Sergio Jorge Alberto Diego Álvaro Andrés Ramón Enrique Ignacio Vicente Roberto Raúl
        Eduardo Adrián Ricardo Jaime Óscar Rubén Alfonso Mario Joaquín Santiago Víctor Guillermo Salvador Iván
        Gonzalo Emilio Gustavo Hugo Martín Julio Arturo Héctor Sebastián Felipe Rodrigo César Gerardo Mauricio
        Cristian Marcos Agustín Gabriel Nicolás Tomás Esteban Ernesto Hernán Ismael Lorenzo Mariano Germán Leonardo
        Fidel Rogelio Aurelio Wilson Jhon Facundo Matías Lautaro Emiliano Bernardo""",
    "pt": """João José António Paulo Pedro Carlos Luís Marcos Rafael Rui Fernando Ricardo Tiago Bruno Lucas Gabriel
        Francisco Rodrigo Eduardo Jorge Miguel Nuno Marcelo Gustavo Felipe Leonardo Thiago André Diogo Hugo Manuel
        Vítor Sérgio Fábio Leandro Gonçalo Márcio Adriano Duarte Alexandre Mateus""",
    "eu": """Mikel Jon Iker Aitor Unai Ander Asier Gorka Iñaki Xabier Eneko Beñat Imanol Jokin Josu Andoni Koldo Ibai
        Oier Julen Markel Joseba Kepa Ekaitz Patxi Txomin Gaizka Igor Aritz Iñigo""",
    "ca": """Jordi Josep Marc Joan Xavier Albert Pere Francesc Oriol Miquel Antoni Ramon Carles Lluís Pau Arnau Sergi
        Àlex Enric Gerard Pol Roger Bernat Jaume Martí Guillem Ferran Eduard Biel Ignasi""",
    "en": """James John Robert Michael William David Richard Thomas Joseph Daniel Christopher Matthew Andrew Mark Steven
        Anthony Paul Kevin Brian George Edward Peter Stephen Jonathan Timothy Benjamin Nicholas Samuel Alexander
        Gregory Patrick Charles Kenneth Ryan Jacob Eric Jeffrey Simon Philip Oliver Jack Harry Ian Gary Scott Adam
        Nathan Henry Douglas Lawrence""",
    "de": """Thomas Michael Andreas Stefan Peter Christian Markus Klaus Jürgen Martin Wolfgang Frank Jan Alexander
        Matthias Bernd Jörg Günther Tobias Sebastian Florian Uwe Ralf Dieter Hans Lukas Philipp Jens Dirk Sven Björn
        Holger Rainer Felix Johannes Maximilian""",
    "fr": """Jean Pierre Michel Philippe Nicolas Laurent Julien Thomas Alexandre Christophe Stéphane Frédéric François
        David Olivier Sébastien Éric Pascal Antoine Vincent Guillaume Jérôme Maxime Benoît Hugo Lucas Mathieu Rémi
        Gérard Thierry Arnaud Étienne Bruno Cédric Clément""",
    "ar": """Mohamed Ahmed Youssef Hassan Omar Abdelkader Mustafa Ali Rachid Khalid Said Hamza Ibrahim Karim Abdullah
        Tarik Bilal Nabil Hicham Jamal Aziz Driss Samir Anwar Ismail""",
    "zh": """Wei Jun Lei Qiang Xiaoming Jianguo Hao Bo Yang Ming Peng Tao Zhiwei Jie Guoqiang Haoran Zihao Feng Cheng
        Xiaolong Yong Bin Kai Junjie Dong Weimin""",
}
GIVEN: Mapping[tuple[str, bool], tuple[str, ...]] = {
    (culture, woman): tuple(names[culture].split())
    for woman, names in ((True, _WOMEN), (False, _MEN))
    for culture in CULTURES
}
"""Names by culture and whether they are women's."""

SECOND: Mapping[str, tuple[float, str, str]] = {
    "es": (0.22, "Carmen Isabel José Pilar Luisa Teresa Elena Fernanda", "Luis Antonio Manuel Carlos Ángel María"),
    "pt": (0.25, "Clara Luísa Paula Beatriz Eduarda Fátima", "Pedro Paulo Carlos Henrique Luís Miguel"),
    "ca": (0.06, "Carme Rosa Àngels", "Maria Antoni Lluís"),
    "en": (0.04, "Anne Louise Jane Lynn", "Paul Lee Michael Allen"),
    "de": (0.05, "Maria Luise Sophie", "Peter Josef Georg"),
    "fr": (0.08, "Claude Laure Christine Sophie", "Pierre Luc Claude François Marc"),
}  # fmt: skip
"""How many have a second given name, and which: women's, men's."""
