"""The HTML of a mail made harmless, cut before what it quotes, and read as text.

The tree is built by Lexbor as a browser would build it; what leaves is cleaned by nh3 last, so that nothing is changed
after it was judged. Remote images are never loaded: their address moves to `data-remote-src`, and they are counted.
"""

import re
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from homeshore.channels.email.parsing import charsets

LONGEST = 2_000_000
DEEPEST = 200
WITHOUT_END = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
}  # fmt: skip
BLOCKS = {
    "address", "article", "blockquote", "center", "div", "dl", "dt", "dd", "fieldset", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
PARAGRAPHS = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"}
UNSEEN = {"script", "style", "head", "title", "template", "noscript", "object", "svg", "math", "-comment"}

CONTAINERS = (
    ".gmail_quote_container, .gmail_quote, blockquote[type=cite], .yahoo_quoted, .protonmail_quote, "
    ".moz-cite-prefix, .moz-forward-container, #isForwardContent"
)
FROM_HERE_ON = (
    "#appendonsend, #divRplyFwdMsg, #mail-editor-reference-message-container, .OutlookMessageHeader, "
    "hr[data-marker=__DIVIDER__], #reply-intro"
)
WORD_BORDER = re.compile(r"border-top:\s*solid\s+#(?:e1e1e1|b5c4df)", re.I)
FORWARDED = re.compile(r"forwarded message|message (?:transféré|réexpédié)", re.I)

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strike", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title", "template", "noscript", "object", "svg", "math"},
    attributes={
        "a": {"href", "title"},
        "img": {"alt", "data-remote-src", "data-file"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
        "*": {"dir", "lang"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Markup:
    """An HTML body: clean HTML and text of what is new, text of what is quoted, and how many images were not loaded."""

    html: str
    text: str
    quoted: str = ""
    blocked_images: int = 0


def read(source: str) -> Markup:
    """Make a mail's HTML harmless. HTML built to exhaust whoever reads it is reduced to its text."""
    if len(source) > LONGEST or nests_too_deep(source):
        return Markup(html="", text=bare_text(source[:LONGEST]))
    tree = LexborHTMLParser(source)
    body = tree.body
    if body is None:
        return Markup(html="", text="")
    blocked = hold_back_images(body)
    quoted = cut_quotes(body)
    text = text_of(body)
    if quoted and not text.strip():
        body = LexborHTMLParser(source).body or body
        hold_back_images(body)
        quoted, text = "", text_of(body)
    return Markup(clean(body), text, quoted, blocked)


def clean(body: LexborNode) -> str:
    """What a screen may show of the tree."""
    return str(charsets.harmless(_cleaner.clean(body.inner_html or "")).strip())


def nests_too_deep(source: str) -> bool:
    """Whether elements stand in one another deeper than any honest mail's: parsers take a time quadratic in it."""
    depth = 0
    for match in _TAG.finditer(source):
        if match[2].lower() in WITHOUT_END:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEEPEST:
            return True
    return False


def bare_text(source: str) -> str:
    """The text between the tags, for HTML that is not to be parsed."""
    return charsets.harmless("\n".join(line.strip() for line in _ANY_TAG.sub("\n", source).split("\n") if line.strip()))


def hold_back_images(body: LexborNode) -> int:
    """Move every image's address aside; an image in the mail keeps its content id. Returns how many are remote."""
    remote = 0
    for image in body.css("img"):
        attributes = image.attrs
        address = (attributes.get("src") or "").strip()
        for name in ("src", "srcset", "data-remote-src", "data-file"):
            if name in attributes:
                del attributes[name]
        if address.lower().startswith("cid:"):
            attributes["data-file"] = address[4:]
        elif address.lower().startswith(("http://", "https://", "//")):
            attributes["data-remote-src"] = address
            remote += 1
    return remote


def cut_quotes(body: LexborNode) -> str:
    """Take what is quoted out of the tree and return its text; nothing is cut where answers stand between quotes."""
    containers = outermost(body, body.css(CONTAINERS))
    if containers and not answered_inline(body):
        prefix = next((node for node in containers if "moz-cite-prefix" in (node.attributes.get("class") or "")), None)
        cited = element_after(prefix) if prefix is not None else None
        if cited is not None and cited.tag == "blockquote":
            containers = outermost(body, [*containers, cited])
        quoted = "\n".join(filter(None, (text_of(container).strip("\n") for container in containers)))
        if not FORWARDED.search(quoted[:400]):
            for container in containers:
                container.decompose()
            return quoted
        return ""
    start = body.css_first(FROM_HERE_ON) or next(
        (node for node in body.css("div[style]") if WORD_BORDER.search(node.attributes.get("style") or "")), None
    )
    return cut_from(start, body) if start is not None else ""


def outermost(body: LexborNode, nodes: list[LexborNode]) -> list[LexborNode]:
    """Those of the nodes that are in no other one of them, once each, in the order of the document."""
    wanted = {node.mem_id for node in nodes}
    found = []
    node: LexborNode | None = body
    while node is not None:
        is_wanted = node.mem_id in wanted
        if is_wanted:
            found.append(node)
        node = step(node, body, skip=is_wanted)
    return found


def element_after(node: LexborNode) -> LexborNode | None:
    """The next element after a node, when nothing is written between."""
    later = node.next
    while later is not None and later.tag == "-text" and not (later.text() or "").strip():
        later = later.next
    return later


def answered_inline(body: LexborNode) -> bool:
    """Whether the author wrote between quotations."""
    blocks = outermost(body, body.css("blockquote"))
    if len(blocks) < 2:
        return False
    first, last = blocks[0], blocks[-1]
    between = text_between(body, first, last)
    return bool(between.strip())


def text_between(body: LexborNode, first: LexborNode, last: LexborNode) -> str:
    """The text after one node and before another, outside all block quotations."""
    words: list[str] = []
    inside = False
    node: LexborNode | None = body
    while node is not None:
        if node.mem_id == last.mem_id:
            break
        if node.mem_id == first.mem_id:
            inside = True
        skip = node.tag == "blockquote" or node.tag in UNSEEN
        if inside and node.tag == "-text":
            words.append(node.text() or "")
        node = step(node, body, skip=skip)
    return "".join(words)


def cut_from(start: LexborNode, body: LexborNode) -> str:
    """Take out a node and all that follows it in the document; returns its text."""
    words: list[str] = []
    node: LexborNode | None = start
    while node is not None and node.mem_id != body.mem_id:
        parent = node.parent
        later = node.next
        while later is not None:
            following = later.next
            words.append(text_of(later) if later.tag != "-text" else (later.text() or ""))
            later.decompose()
            later = following
        if node.mem_id == start.mem_id:
            words.insert(0, text_of(start))
            start.decompose()
        node = parent
    return "\n".join(word.strip("\n") for word in words if word.strip())


def step(node: LexborNode, top: LexborNode, *, skip: bool = False) -> LexborNode | None:
    """The next node in document order below `top`, without recursion."""
    if node.child is not None and not skip:
        return node.child
    at: LexborNode | None = node
    while at is not None and at.mem_id != top.mem_id:
        if at.next is not None:
            return at.next
        at = at.parent
    return None


def text_of(top: LexborNode) -> str:
    """The text of a tree laid out in lines and paragraphs, without recursion."""
    lines: list[list[str]] = [[]]
    gap = 0
    begun = False

    def break_line(blank: int) -> None:
        nonlocal gap
        gap = max(gap, blank)

    def write(words: str) -> None:
        nonlocal gap, begun
        if begun:
            lines.extend([] for _ in range(gap))
        gap, begun = 0, True
        lines[-1].append(words)

    node: LexborNode | None = top
    opened: list[LexborNode] = []
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            words = re.sub(r"[ \t\r\n\f]+", " ", node.text() or "")
            if gap or not lines[-1]:
                words = words.lstrip(" ")
            if words:
                write(words)
        elif tag == "br":
            lines.append([]) if not gap else break_line(gap + 1)
        elif tag in BLOCKS:
            break_line(2 if tag in PARAGRAPHS else 1)
            if tag == "li":
                write("- ")
        elif tag in {"td", "th"} and lines[-1] and not gap:
            write(" ")
        if node.child is not None and tag not in UNSEEN:
            opened.append(node)
            node = node.child
            continue
        while node is not None and node.next is None and opened:
            node = opened.pop()
            if node.tag in BLOCKS:
                break_line(2 if node.tag in PARAGRAPHS else 1)
            if node.mem_id == top.mem_id:
                node = None
        node = node.next if node is not None and node.mem_id != top.mem_id else None
    laid_out = "\n".join("".join(pieces).replace("\xa0", " ").rstrip() for pieces in lines)
    return re.sub(r"\n{3,}", "\n\n", charsets.harmless(laid_out)).strip()
