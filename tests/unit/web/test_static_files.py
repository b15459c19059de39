from django.http import HttpResponse, HttpResponseNotFound
from django.test import RequestFactory

from homeshore.web.static_files import StaticFilesMiddleware


def test_a_file_that_a_new_build_took_away_under_a_running_site_is_not_found(tmp_path, settings):
    settings.STATIC_ROOT = None
    settings.STATICFILES_DIRS = [tmp_path]
    old = tmp_path / "desk-1a2b.js"
    old.write_text("export {}")
    middleware = StaticFilesMiddleware(lambda request: HttpResponseNotFound())
    asked = RequestFactory().get("/static/desk-1a2b.js")

    found: HttpResponse = middleware(asked)
    assert b"".join(found) == b"export {}"
    found.close()

    old.unlink()
    assert middleware(asked).status_code == 404
