"""Pages that anybody may open."""


def test_the_sign_in_page_can_be_used_by_all(page, look, language):
    page.goto("/accounts/login/")
    look(page, "sign-in")


def test_a_page_that_does_not_exist_says_so(page, look, language, console_errors):
    page.goto("/there-is-no-such-page/")
    look(page, "not-found")
    console_errors.clear()
