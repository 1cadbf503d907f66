"""Documents that the product makes: blank forms, cover sheets, ledgers. Pure: values in, bytes out.

``forms``: the blank form of a definition as .docx and .xlsx. ``cover``: what goes into an envelope and on it.
``ledger``: a table of the screen as .xlsx. The same values give the same bytes.
"""
