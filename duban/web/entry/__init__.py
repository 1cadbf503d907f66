"""Coming in and going out: doors that give, change and end sessions."""
