"""Publishing: from a definition or a printed notice, over units, contacts and days, to a notice in force."""
