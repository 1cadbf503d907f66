"""The two languages of the pages: Chinese, in which they are written, and English by the catalogues."""
