"""Photos that people send: read by a small program that can do no harm, and handed out again as plain JPEGs.

`form` is the field of a form, `reading` starts the program, `child` is the program, `uploads` bounds what a request may bring,
`showing` hands out a picture.
"""
