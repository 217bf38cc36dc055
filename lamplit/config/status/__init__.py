"""How each service stands: one picture, shown as a page, as open data, a feed and plain text, and written as static files."""
