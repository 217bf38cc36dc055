"""The field in which somebody chooses a photo. It cleans to the photo, read and made fit for showing."""

from typing import Any

from django import forms

from lamplit.basics.picture import Picture
from lamplit.basics.who import STAFF
from lamplit.config.audience import Request
from lamplit.config.limits import PHOTOS_PER_ADDRESS, PHOTOS_PER_STAFF, PHOTOS_PER_TENANT, address_of, count
from lamplit.config.photos.reading import CannotReadError, Trouble, read

ACCEPT = "image/*"  # on a phone this offers the camera
HINT = "A JPEG, PNG, WebP or HEIC file of at most 15 MB. We take out where and when it was taken before we show it."
NEEDED = "Choose a photo, or take one"
AGAIN = "Choose the photo again: the browser forgets it when something else has to be put right."
WORDS: dict[Trouble, str] = {
    "empty": "This file is empty. Choose another photo.",
    "too_large": "This photo is larger than 15 MB. Choose a smaller one.",
    "video": "This is a video. We cannot take videos here yet. Take a photo, or choose one.",
    "other_kind": "We cannot read this kind of file. Choose a JPEG, PNG, WebP or HEIC photo.",
    "too_many_pixels": "This photo is too large to open. Make it smaller, or take it with the phone’s usual settings.",
    "damaged": "We cannot open this photo. It may be damaged. Take it again, or choose another one.",
    "busy": "Many photos are coming in just now. Wait a minute, then send yours again.",
}


class PhotoField(forms.FileField):
    """A photo. What it begins with says what it is; what its name or the browser says counts for nothing."""

    def __init__(self, label: str = "Choose a photo, or take one", **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPT})
        words = {"required": NEEDED, "invalid": NEEDED, "missing": NEEDED, "empty": WORDS["empty"]}
        super().__init__(label=label, help_text=HINT, widget=widget, error_messages=words, **options)

    def to_python(self, data: Any) -> Picture | None:  # type: ignore[override]  # what it cleans to is no file any more
        """Read it. One that is too large was cut off on its way here, and its size says so."""
        file: Any = super().to_python(data)
        if file is None:
            return None
        try:
            return read(file.read(), file.size)
        except CannotReadError as error:
            raise forms.ValidationError(WORDS[error.trouble], code=error.trouble) from None


class WithPhoto(forms.Form):
    """A form that has a `photo` beside other things. A browser forgets a file when the form comes back, so it says so."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors and self.cleaned_data.get("photo") is not None:
            self.add_error("photo", AGAIN)
        return cleaned


def count_photo(request: Request) -> None:
    """Count one more photo that is sent, before it is read. TooManyError."""
    if request.by.kind == STAFF:
        count(PHOTOS_PER_STAFF, request.by.id, request.now)
        return
    address = address_of(request)
    count(PHOTOS_PER_ADDRESS, address, request.now)
    count(PHOTOS_PER_TENANT, request.by.id or address, request.now)
