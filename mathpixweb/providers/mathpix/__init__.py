"""Mathpix itself, or any server that speaks its API, as a provider over the network.

account    which server, and as whom
calls      every call of the contract as a value
client     sends calls: pooled, bounded in every phase, repeated only where that is safe
retrying   when a call is repeated, and after how long
breaker    stops asking a server that does not answer
faults     what went wrong, in the contract's words
stream     the page stream, as events or as lines
pages      pages as they come back; pictures: images and strokes as they come back
reading    the provider: all of this behind the promise of providers.base
"""
