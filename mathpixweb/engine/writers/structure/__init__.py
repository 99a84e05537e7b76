"""What a text is made of, as mathpix-markdown-it understands it, for every format that is no web page.

The renderer resolves what only it knows in full (numbers, references, notes, statements, lists, tables within
tables); here its HTML becomes pandoc's tree of blocks.
"""
