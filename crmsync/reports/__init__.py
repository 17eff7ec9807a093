"""Values into texts: HTML, plain text, JSON, CSV, Markdown and JUnit, in English and Spanish.

Must not know: where the values come from, or what is done with the texts.
"""
