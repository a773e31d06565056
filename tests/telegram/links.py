"""Addresses, checked as Telegram checks them (LinkManager.cpp of tdlib)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9._~%-]+")


def link_or_reason(link: str) -> tuple[str, str]:
    """Give the address as it is stored, or nothing and why not."""
    lower = link.lower()
    if lower.startswith(("tg:", "ton:", "tonsite:")):
        scheme, _, rest = link.partition(":")
        return f"{scheme.lower()}://{rest.removeprefix('//')}", ""
    if "://" in link and not lower.startswith(("http://", "https://")):
        return "", "Unsupported URL protocol"
    full = link if "://" in link else f"http://{link}"
    try:
        parts = urlsplit(full)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", "Wrong URL"
    if not host:
        return "", "URL host is empty"
    is_network_6 = ":" in host
    if not is_network_6 and not _HOST.fullmatch(host) and host.isascii():
        return "", "Wrong HTTP URL"
    if "." not in host and not is_network_6:
        return "", "Wrong HTTP URL"
    if port == 0 or any(each.isspace() for each in full):
        return "", "Wrong HTTP URL"
    tail = full.partition("://")[2][len(parts.netloc) :]
    tail = tail if tail.startswith("/") else f"/{tail}"
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{tail}", ""


def checked_link(link: str) -> str:
    """Give the address as it is stored, or nothing."""
    return link_or_reason(link)[0]
