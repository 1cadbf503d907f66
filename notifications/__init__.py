"""Words and post: what a mail says (pure), and the one way out of the house."""
