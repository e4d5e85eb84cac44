"""Exhibits: a paper's tables and figures as things that can be made again, beside what the paper printed.

Nothing here imports torch before something is trained; `registry` finds the exhibits.
"""
