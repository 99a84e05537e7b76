"""Documents that flow: texts without pages of their own, as pandoc's tree of blocks.

A reader gives a `Flow`; `paging` makes leaves of it, `placing` does so by a drawing of the document, and
`lines` writes a leaf as Mathpix Markdown.
"""
