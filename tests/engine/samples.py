"""A document with every construct, and what reads the files that are made of it."""

from __future__ import annotations

import io
import zipfile

import pypdfium2 as pdfium

from mathpixweb.engine.flow.pieces import pieces
from mathpixweb.engine.model import Options

PICTURE = "https://here.example/cropped/d1-01.jpg?height=10&width=20&top_left_y=3&top_left_x=4"
SAMPLE = rf"""\title{{
On \(L^p\) spaces
}}

\author{{
A. Author \\
University
}}

\begin{{abstract}}
We show \(x^2\).
\end{{abstract}}

\section*{{1 Introduction}}
Text of AT&T at once, 5 \$ and a word \({{ }}^{{1}}\) with a note. Another\footnote{{Second \(y\).}} one.

\footnotetext{{
\({{ }}^{{1}}\) First note \(z\).
}}

\[
a=b \tag{{1.2}}
\]

\begin{{align*}}
a &= b \tag{{2}} \\
&= \int_0^1 f \, dx
\end{{align*}}

\begin{{equation}}
E=mc^2 \label{{e}}
\end{{equation}}

As in \eqref{{e}}.

\begin{{table}}
\captionsetup{{labelformat=empty}}
\caption{{Table 1: Values of \(v\)}}
\begin{{tabular}}{{|l|c|r|}}
\hline
\multicolumn{{2}}{{|c|}}{{Both}} & Right \\
\hline
\multirow{{2}}{{*}}{{M}} & \(|x|\) & 3 \\
\cline{{2-3}}
 & b & c \\
\hline
\end{{tabular}}
\end{{table}}

\begin{{figure}}
\includegraphics[max width=\textwidth]{{{PICTURE}}}
\captionsetup{{labelformat=empty}}
\caption{{Figure 1: A blue box}}
\end{{figure}}

\begin{{itemize}}
\item One
\item Two \(w\)
\end{{itemize}}

```python
print("$not math$")
```

\begin{{theorem}}
It holds.
\end{{theorem}}
"""


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pdf_text(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def mmd_of(flow):
    """What was read of a document that flows, in one piece."""
    options = Options(include_equation_tags=True)
    return "".join(piece.display for block in flow.blocks for piece in pieces(block, options, str)).strip()
