from collections.abc import Iterator

import pytest

from homeshore.foundation.models import Operator
from tests.servers.site import Site, served_site


@pytest.fixture
def operator(transactional_db) -> Operator:
    return Operator.objects.create(name="Rivage", slug="rivage")


@pytest.fixture
def site(operator) -> Iterator[Site]:
    with served_site() as running:
        yield running
