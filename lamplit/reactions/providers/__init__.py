"""Whoever carries our messages: by e-mail, by GOV.UK Notify, by a print house, or shown on a page.

`interface` says what a provider promises, `chosen` reads which of them a landlord uses.
"""
