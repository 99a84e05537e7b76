"""The performance suite: `python3 manage.py bench`, or `python -m bench` without Django.

It stands beside the product, not in it: it starts servers of its own with data of their own, asks them over
the network as anybody would, and measures rivals in the same run on the same machine. One subject a file.
"""
