"""Every address has a name of its own: two of one name lead from the desk into a tenant's page."""

from collections import Counter

from django.urls import URLPattern, URLResolver, get_resolver


def _names(resolver: URLResolver) -> list[str]:
    found: list[str] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found += [f"{one.namespace}:{name}" if one.namespace else name for name in _names(one)]
        elif isinstance(one, URLPattern) and one.name:
            found.append(one.name)
    return found


def test_every_address_has_a_name_of_its_own() -> None:
    twice = [name for name, count in Counter(_names(get_resolver())).items() if count > 1]
    assert twice == []
