"""Options of requests.

One means the same wherever it is taken, unless it stands here with a class or route before it:
`LatexOptions.formats`.
"""

from __future__ import annotations

from typing import Final

from mathpixweb.api.descriptions.told import FLAG, PAIR, TEXT, Told, any_of, between, list_of
from mathpixweb.engine.ocr import alphabets
from mathpixweb.providers.callback_options import EVENTS
from mathpixweb.providers.file_options import LONGEST_LABEL, MOST_FILES
from mathpixweb.providers.format_options import FORMATS
from mathpixweb.providers.image_options import (
    LARGEST_SIDE,
    LATEX_FORMATS,
    LONGEST_TAG,
    MOST_TAGS,
    OCR,
    TEXT_FORMATS,
    TRANSFORMS,
)

SHARE: Final = between(0, 1)

OPTIONS: Final[dict[str, Told]] = {
    # what is sent
    "src": Told("The image: an http or https address, a data: address, or base64 alone (at most 2 MB)."),
    "url": Told("The http or https address of the document. Not needed beside a file."),
    "strokes": Told(
        'The pen\'s ways: {"strokes": {"x": [[…], …], "y": [[…], …]}}, one list for each stroke.'
    ),
    "strokes_session_id": Told("Of /v3/strokes only: the session to which these strokes are added."),
    "urls": Told(
        "The images by keys of your own: addresses, or objects with `url` and options of their own."
    ),
    "ocr_behavior": Told(
        "Whether images are read as by /v3/latex or as by /v3/text, whose options are then taken.",
        any_of(("latex", "text"), default="latex"),
    ),
    "mmd": Told("The Mathpix Markdown to convert; not empty, at most 10 MB of JSON."),
    "metadata": Told("Anything of your own, kept with the request; `improve_mathpix` is understood."),
    "Metadata.improve_mathpix": Told("False keeps what is sent out of all lists, and images off the disk."),
    "tags": Told(
        "Words by which /v3/ocr-results finds this request again.",
        {"maxItems": MOST_TAGS, "items": {"type": "string", "maxLength": LONGEST_TAG}},
    ),
    "async": Told("Answer with the request_id at once; the result is listed by /v3/ocr-results."),
    "callback": Told('Where the result is posted: {"post": address, "reply"?, "body"?, "headers"?}.'),
    "streaming": Told("Taken, and not needed: every document can be followed by /v3/pdf/{pdf_id}/stream."),
    "file_batch_id": Told("The batch of /v3/file-batches to which the document belongs."),
    "page_ranges": Told('The pages to read, such as "2,4-6", "2 - -2" or "5-"; all if not said.'),
    # what is looked at
    "region": Told("The part of the image that is read, in pixels."),
    "top_left_x": Told("Its left edge.", between(0, LARGEST_SIDE)),
    "top_left_y": Told("Its upper edge.", between(0, LARGEST_SIDE)),
    "Region.width": Told("How wide it is.", between(1, LARGEST_SIDE)),
    "Region.height": Told("How high it is.", between(1, LARGEST_SIDE)),
    "skip_recrop": Told("Read the whole image, lines that its edge has cut through too."),
    "enable_blue_hsv_filter": Told("Read blue ink alone."),
    "alphabets_allowed": Told(
        "Alphabets by their codes; letters of those that are false are not read.",
        {"properties": dict.fromkeys(alphabets.CODES, FLAG)},
    ),
    "auto_rotate_confidence_threshold": Told("How sure a turn must be to be made; 1 turns nothing.", SHARE),
    "confidence_threshold": Told("Leave out what is less surely right as a whole.", SHARE),
    "confidence_rate_threshold": Told("Leave out lines whose symbols are less surely right.", SHARE),
    "enable_tables_fallback": Told("Take more time for very large tables."),
    "enable_document_layout": Told("Read the image like a page: titles, headings, footnotes, page numbers."),
    "enable_spell_check": Told("Taken, without effect here."),
    "ocr": Told("Whether words around the mathematics are read too.", {"items": any_of(OCR)}),
    "beam_size": Told("How many readings of the formula are considered.", between(1, 5)),
    "n_best": Told("How many of them are answered as `candidates`; at most beam_size.", between(1, 5)),
    # what is answered
    "formats": Told(
        "What is made of the text: formats with true. At least one.",
        {"properties": dict.fromkeys(FORMATS, FLAG)},
    ),
    "TextOptions.formats": Told(
        "What is answered; without it text, and latex_styled of an image that is one equation.",
        {"items": any_of(TEXT_FORMATS)},
    ),
    "LatexOptions.formats": Told("What is answered; without it `latex`.", {"items": any_of(LATEX_FORMATS)}),
    "format_options": Told("Transforms and delimiters for each format."),
    "transforms": Told("What is changed in that format.", {"items": any_of(TRANSFORMS)}),
    "math_delims": Told("What opens and closes inline mathematics in that format.", PAIR),
    "displaymath_delims": Told("What opens and closes displayed mathematics in that format.", PAIR),
    "data_options": Told("What the formats `data` and `html` hold of each formula and table."),
    "include_svg": Told("Formulas as SVG."),
    "include_table_html": Told("Tables as HTML."),
    "include_latex": Told("Formulas as LaTeX."),
    "include_tsv": Told("Tables as tab-separated values."),
    "include_asciimath": Told("Formulas as AsciiMath."),
    "include_mathml": Told("Formulas as MathML."),
    "include_detected_alphabets": Told("Answer which alphabets were seen."),
    "include_line_data": Told(
        "Answer each line with its place and confidence; not beside include_word_data."
    ),
    "include_word_data": Told("Answer each word and formula with its place and confidence."),
    "include_geometry_data": Told("Answer triangles in drawings, with their corners and labels."),
    "include_diagram_text": Told("Tell the text in diagrams in their lines; it is never part of the text."),
    "include_smiles": Told("Write chemical structures as SMILES."),
    "include_inchi": Told("Write InChI beside SMILES."),
    "include_chemistry_as_image": Told(
        "Keep the picture of a structure, with its SMILES as its alternative text."
    ),
    "include_equation_tags": Told("Write equation numbers as \\tag; sets idiomatic_eqn_arrays too."),
    "include_page_info": Told("Keep what stands at the head and foot of pages in the text."),
    "include_page_breaks": Told("Write \\pagebreak between pages."),
    "include_hyperlinks": Told("Tell the links of each line."),
    # how it is written
    "rm_spaces": Told("Write LaTeX without superfluous blanks."),
    "rm_fonts": Told("Write LaTeX without commands for fonts."),
    "idiomatic_eqn_arrays": Told("Write several equations as aligned, gathered or cases instead of array."),
    "idiomatic_braces": Told("Leave out braces that are not needed: x^2."),
    "numbers_default_to_math": Told("Write numbers among words as mathematics."),
    "math_fonts_default_to_math": Told("Write numbers with their units as mathematics."),
    "math_inline_delimiters": Told("What opens and closes inline mathematics.", PAIR),
    "math_display_delimiters": Told("What opens and closes displayed mathematics.", PAIR),
    "fullwidth_punctuation": Told(
        "Whether punctuation is full-width; null goes by the alphabet.", {"type": ["boolean", "null"]}
    ),
    "disable_itemize": Told("Write lists as plain lines."),
    "disable_lstlisting": Told("Write code as plain lines."),
    "auto_number_sections": Told("Leave out the numbers of sections, so that LaTeX counts them."),
    "remove_section_numbering": Told("Leave out the numbers of sections."),
    "preserve_section_numbering": Told("Keep the numbers of sections. Of these three only one may be true."),
    "conversion_formats": Told(
        "The formats that are made as well: those with true.",
        {"properties": dict.fromkeys(FORMATS, FLAG)},
    ),
    "conversion_options": Told("Options of the formats, by their names."),
    # callbacks of files
    "callback_url": Told("The https address to which events are posted, signed.", TEXT),
    "callback_headers": Told("At most 10 headers of 4 kB together that are sent along.", {"type": "object"}),
    "callback_events": Told(
        "Which events are sent; else file.completed and file.error, of a job job.completed.", list_of(EVENTS)
    ),
    # the Files API
    "source_uri": Told("Where the file is: https, or a bucket that is registered: s3, gs, az, abfss."),
    "job_id": Told("Your own id of the job to which the file belongs.", {"maxLength": LONGEST_LABEL}),
    "custom_id": Told(
        "Your own id of the file in its job: the same names the same file.", {"maxLength": LONGEST_LABEL}
    ),
    "filename": Told("The name that is shown; else that of the file or address."),
    "files": Told(
        "The files, each with source_uri and, if wanted, custom_id, filename, destination_uri, "
        "destination_basename, s3_region and page_ranges.",
        {"type": "array", "items": {"type": "object"}, "minItems": 1, "maxItems": MOST_FILES},
    ),
    "destination_uri": Told("A registered bucket, and a folder in it, into which the results are written."),
    "destination_basename": Told("The beginning of the names of results there; else the file_id."),
    "s3_region": Told("The region of the bucket in S3, such as us-east-1."),
    "image_output_mode": Told("`local` writes figures beside the results.", any_of(("cdn", "local"))),
    "provider": Told("Whose cloud it is.", any_of(("aws", "azure", "gcp"))),
    "bucket": Told("The name of the bucket or container."),
    "auth_method": Told(
        "How this server shows who it is.",
        any_of(("access_key", "account_key", "sas_token", "service_account_key")),
    ),
    "provider_specific_details": Told(
        "aws_access_key_id, storage_account, or an endpoint that is allowed here."
    ),
    "name": Told("Your own name for it."),
    "data-sources.region": Told("The region of a bucket in S3."),
    "secret": Told(
        "The secret key, account key, signature, or JSON of a service account. Never shown again."
    ),
    # tokens
    "expires": Told("The seconds that the token lasts; at most 300 with a session.", between(30, 43_200)),
    "include_strokes_session_id": Told("Begin a session for live drawing, too."),
    "user_id": Told("A word of your own for whom the token is.", {"maxLength": 255}),
}
