"""Money: asked for, received, matched, given back, and closed every evening.

`confirm_payment` alone changes a request; whatever tells of money goes through `take_transfer`.
"""
