"""The files that pages refer to, served from memory of where they are."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # it ships no types
    """WhiteNoise lists the files once, at the start; one that a new build has taken away since is a page not found."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A file where the address is one of a file, and otherwise what the rest of the house answers."""
        try:
            answer: HttpResponse = super().__call__(request)
        except FileNotFoundError:
            answer = self.get_response(request)
        return answer
