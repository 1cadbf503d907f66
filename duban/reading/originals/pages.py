"""The text layer of a PDF, page after page; a scan is said to be one."""

import pypdfium2 as pdfium

#: pages that are read
MOST_PAGES = 300
#: characters a page that make a text layer, on average
_LEAST = 8


def pdf_text(data: bytes) -> str:
    """The text; ValueError for a scan, a locked or a broken file."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        what = (
            "PDF 有密码，请去掉密码|the PDF has a password" if locked else "PDF 文件损坏，请重新导出|the PDF is broken"
        )
        raise ValueError(what) from None
    try:
        pages = [_page(document, at) for at in range(min(len(document), MOST_PAGES))]
    finally:
        document.close()
    text = "\n\f\n".join(pages)
    if len(text.strip()) < _LEAST * max(len(pages), 1):
        raise ValueError("PDF 是扫描件，没有文字层，请用原稿或先作文字识别|the PDF is a scan without text")
    return text


def _page(document: pdfium.PdfDocument, at: int) -> str:
    page = document[at]
    layer = page.get_textpage()
    try:
        return str(layer.get_text_range()).replace("\ufffe", "")
    finally:
        layer.close()
        page.close()
