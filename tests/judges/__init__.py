"""Others' tools as judges of what the build makes: each module asks one of them.

A judge that is not installed leaves its test out and says so; with CI=true its absence is a
failure (`installed`).
"""
