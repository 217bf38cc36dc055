"""The field in which somebody chooses a photo. It cleans to the photo, read and made fit for showing."""

from typing import Any

from django import forms

from lamplit.basics.picture import Picture, Video
from lamplit.basics.who import STAFF
from lamplit.config.audience import Request
from lamplit.config.limits import PHOTOS_PER_ADDRESS, PHOTOS_PER_STAFF, PHOTOS_PER_TENANT, VIDEOS_PER_SENDER, address_of, count
from lamplit.config.photos.reading import CannotReadError, Trouble, read, read_video
from lamplit.config.photos.spool import Spool
from lamplit.config.speaking import lazy

ACCEPT = "image/*,video/*"  # on a phone this offers the camera
HINT = lazy(
    "A photo of at most 15 MB, or a video of at most 60 MB and one minute. We show it without sound, and without where and when "
    "it was taken."
)
NEEDED = lazy("Choose a photo or video, or take one")
AGAIN = lazy("Choose the photo or video again: the browser forgets it when something else has to be put right.")
NO_VIDEO = lazy("We cannot take a video here. Choose a photo, or take one.")
WORDS: dict[Trouble, str] = {
    "empty": lazy("This file is empty. Choose another one."),
    "too_large": lazy("This photo is larger than 15 MB. Choose a smaller one."),
    "video_too_large": lazy("This video is larger than 60 MB. Film a shorter piece, or take a photo."),
    "video_too_long": lazy("This video is too long. Film at most one minute of what matters, or take a photo."),
    "video_too_many_pixels": lazy(
        "This video is too sharp for us to open. Film it with the phone’s usual settings, or take a photo."
    ),
    "video_damaged": lazy("We cannot open this video. It may be damaged. Film it again, or take a photo."),
    "video_busy": lazy("Another video is being read just now. Wait a minute, then send yours again."),
    "other_video": lazy("We cannot read this kind of video. Choose an MP4, MOV or WebM video, or take a photo."),
    "other_kind": lazy("We cannot read this kind of file. Choose a JPEG, PNG, WebP or HEIC photo, or an MP4, MOV or WebM video."),
    "too_many_pixels": lazy("This photo is too large to open. Make it smaller, or take it with the phone’s usual settings."),
    "damaged": lazy("We cannot open this photo. It may be damaged. Take it again, or choose another one."),
    "busy": lazy("Many photos are coming in just now. Wait a minute, then send yours again."),
}


class PhotoField(forms.FileField):
    """A photo or a video. What it begins with says what it is; what its name or the browser says counts for nothing."""

    def __init__(self, label: str = lazy("Choose a photo or video, or take one"), **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPT})
        words = {"required": NEEDED, "invalid": NEEDED, "missing": NEEDED, "empty": WORDS["empty"]}
        super().__init__(label=label, help_text=HINT, widget=widget, error_messages=words, **options)

    def to_python(self, data: Any) -> Picture | Video | None:  # type: ignore[override]  # what it cleans to is no file any more
        """Read it. One that is too large was cut off on its way here, and its size says so."""
        file: Any = super().to_python(data)
        if file is None:
            return None
        try:
            return read_video(file.file, file.size) if isinstance(file.file, Spool) else read(file.read(), file.size)
        except CannotReadError as error:
            raise forms.ValidationError(WORDS[error.trouble], code=error.trouble) from None


class StillField(PhotoField):
    """A photo that need not be there, where no video is taken."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label, required=False)
        self.help_text = hint
        self.widget.attrs["accept"] = "image/*"

    def to_python(self, data: Any) -> Picture | Video | None:  # type: ignore[override]  # as its base
        if isinstance(getattr(data, "file", None), Spool):
            raise forms.ValidationError(NO_VIDEO, code="video")
        return super().to_python(data)


class WithPhoto(forms.Form):
    """A form that has photos beside other things. A browser forgets a file when the form comes back, so it says so."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        wrong = bool(self.errors)
        for name, field in self.fields.items() if wrong else ():
            if isinstance(field, PhotoField) and self.cleaned_data.get(name) is not None:
                self.add_error(name, AGAIN)
        return cleaned


def count_photo(request: Request) -> None:
    """Count one more photo or video that is sent, before it is read. TooManyError."""
    if any(isinstance(getattr(one, "file", None), Spool) for one in request.FILES.values()):
        count(VIDEOS_PER_SENDER, request.by.id or address_of(request), request.now)
    if request.by.kind == STAFF:
        count(PHOTOS_PER_STAFF, request.by.id, request.now)
        return
    address = address_of(request)
    count(PHOTOS_PER_ADDRESS, address, request.now)
    count(PHOTOS_PER_TENANT, request.by.id or address, request.now)
