"""A notice's text into facts, and facts into a draft definition. Pure: no file, no network, no clock.

In order: ``mending`` (the text as it was meant, each character with its place), ``layout`` (documents, sections,
sentences), spans (``dating``, ``addresses``, ``materials`` …), ``clauses`` (who hands in what, where, by when),
``facts`` (what the notice says), ``writing`` (the definition that a person confirms).
"""
