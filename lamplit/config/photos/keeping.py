"""From a form to the record and back to a page: what is the same for photos and videos, and for tenants and staff."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse

from lamplit.basics.picture import Picture, PictureSize, Video
from lamplit.config.photos.showing import FILM, SIZES, as_film, as_picture
from lamplit.repairs import actions, queries


def add_seen(seen: Picture | Video, **told: Any) -> str:
    """Add what a form's `photo` cleaned to. Refused: as `add_photo` and `add_video`."""
    if isinstance(seen, Video):
        return actions.add_video(video=seen, **told)
    return actions.add_photo(picture=seen, **told)


def shown_of(request: HttpRequest, photo: Any | None, size: str) -> HttpResponse:
    """Answer with a picture of a photo, or with the film of a video; 404 where there is none, or nobody can read it any more."""
    if photo is not None and size == FILM:
        film = queries.film_of(photo)
        if film is not None:
            return as_film(request, film)
    elif photo is not None and size in SIZES:
        data = queries.picture_of(photo, cast(PictureSize, size))
        if data is not None:
            return as_picture(data)
    raise Http404
