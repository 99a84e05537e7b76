"""What can go wrong between bytes and pages.

EngineError
├── UnreadableDocument      the bytes are not what they claim to be, or are broken beyond repair
│   └── EmptyDocument       there are no bytes, or no pages
├── EncryptedDocument       a password or a key is needed
├── UnsupportedDocument     a kind of file for which there is no reader here
│   └── MissingProgram      there would be one if this machine had a program, which the text names
├── PageFailed              one page cannot be read; the others may be fine
├── ScannedPage             it has to be read from its picture, which was not wanted
├── UnreadableImage         it is no picture, or one that cannot be taken apart
│   ├── UnsupportedImage    a kind of picture for which there is no decoder here
│   └── ImageTooLarge       it has more pixels than are ever decoded
└── RenderFailed            Mathpix Markdown could not be turned into the form asked for
    └── UnknownFormat       nothing here writes that format
"""

from __future__ import annotations


class EngineError(Exception):
    """Base of all errors of the engine; its text is a sentence for the person who sent the document."""


class UnreadableDocument(EngineError):
    pass


class EmptyDocument(UnreadableDocument):
    pass


class EncryptedDocument(EngineError):
    pass


class UnsupportedDocument(EngineError):
    pass


class MissingProgram(UnsupportedDocument):
    pass


class PageFailed(EngineError):
    pass


class ScannedPage(EngineError):
    pass


class UnreadableImage(EngineError):
    pass


class UnsupportedImage(UnreadableImage):
    pass


class ImageTooLarge(UnreadableImage):
    pass


class RenderFailed(EngineError):
    pass


class UnknownFormat(RenderFailed):
    pass
