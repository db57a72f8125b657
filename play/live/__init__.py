"""A round in front of the class: everybody reads the same passage, answers alone, and looks at it together.

`steps` says what follows what, `actions` writes, `queries` reads, `streams` tells pages that something has changed.
"""
