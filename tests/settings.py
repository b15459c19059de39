"""The settings of the house, in a data folder that goes away, with passwords that are cheap to check."""

import atexit
import os
import shutil
import tempfile

if "HOMESHORE_DATA_DIR" not in os.environ:
    os.environ["HOMESHORE_DATA_DIR"] = tempfile.mkdtemp(prefix="homeshore-test-")
    atexit.register(shutil.rmtree, os.environ["HOMESHORE_DATA_DIR"], ignore_errors=True)

os.environ["LC_ALL"] = "C.UTF-8"  # in which commands speak English, whoever runs the tests

from scripts.messages import catalogues_to_compile, compile_catalogue

for catalogue in catalogues_to_compile():  # before Django reads them, also for those who call pytest without make
    compile_catalogue(catalogue)

from homeshore.config.settings import *  # noqa: E402, F403
from tests.templates import UnknownVariable  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()  # noqa: F405
for name in ("httpx", "mail.log"):  # the tests' own browser and post office, which tell every step
    LOGGING["loggers"][name] = {"level": "WARNING"}  # type: ignore[index]  # noqa: F405
