"""PDF and DOCX files made for a test, honest and hostile."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from pypdf import PdfReader, PdfWriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def docx(body: str, *, target: str = "word/document.xml", head: str = "", **parts: str) -> bytes:
    """A DOCX whose body is that XML. `parts`: further files of `word/` by their names without an ending."""
    document = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    files = {"_rels/.rels": RELATIONS.format(target=target), target: document}
    return zipped({**files, **{f"word/{name}.xml": each for name, each in parts.items()}})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return made.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def pdf(pages: Sequence[Iterable[str]]) -> bytes:
    """A PDF with those lines on each page."""
    return _pdf([_lines(lines) for lines in pages])


def pdf_of_stream(stream: bytes) -> bytes:
    """A PDF with one page of that content, compressed."""
    return _pdf([stream], compressed=True)


def pdf_without_end() -> bytes:
    """A PDF whose page tree leads back to itself."""
    return pdf([["Round and round."]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


def locked_pdf(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["Only who knows the word may read on."]]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _lines(lines: Iterable[str]) -> bytes:
    shown = [b"(" + line.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)") + b") Tj T*" for line in lines]
    return b"BT /F1 11 Tf 14 TL 60 780 Td\n" + b"\n".join(shown) + b"\nET"


def _pdf(streams: Sequence[bytes], *, compressed: bool = False) -> bytes:
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        raw = zlib.compress(stream, 9) if compressed else stream
        head = f"/Length {len(raw)}" + (" /Filter /FlateDecode" if compressed else "")
        page = "/Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page {page} /Contents {5 + 2 * number} 0 R >>".encode())
        objects.append(f"<< {head} >>\nstream\n".encode() + raw + b"\nendstream")
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    rows = ["0000000000 65535 f \n", *(f"{place:010d} 00000 n \n" for place in places)]
    table = f"xref\n0 {len(rows)}\n{''.join(rows)}"
    end = f"trailer << /Size {len(rows)} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return bytes(made) + table.encode() + end.encode()
