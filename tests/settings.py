"""The settings of the house, in a data folder that goes away, with passwords that are cheap to check."""

import atexit
import os
import shutil
import tempfile

if "HOMESHORE_DATA_DIR" not in os.environ:
    os.environ["HOMESHORE_DATA_DIR"] = tempfile.mkdtemp(prefix="homeshore-test-")
    atexit.register(shutil.rmtree, os.environ["HOMESHORE_DATA_DIR"], ignore_errors=True)

from homeshore.config.settings import *  # noqa: F403
from tests.templates import UnknownVariable

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()  # noqa: F405
