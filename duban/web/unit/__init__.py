"""The pages of who hands in: what one unit owes of a notice, its files, its receipts."""
