"""A rendered page as a reader meets it: one line for each piece of text, links with addresses."""

from __future__ import annotations

from html.parser import HTMLParser


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "svg":
            self.hidden += 1
            self.lines.append(f"<svg {values.get('class')} {values.get('viewbox')}>")
        if not self.hidden and tag == "a":
            self.lines.append(f"-> {values.get('href')}")
        if not self.hidden and tag in ("h1", "h2", "h3"):
            self.lines.append(f"{tag} #{values.get('id')}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self.hidden:
            self.lines.append(text)


def as_text(html: str) -> str:
    """Return a page's text from its main part on."""
    reader = _Text()
    reader.feed(html.split("<main", 1)[1].split("</main>", 1)[0].split(">", 1)[1])
    return "\n".join(reader.lines) + "\n"
