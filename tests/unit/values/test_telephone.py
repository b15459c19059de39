import pytest

from homeshore.values.telephone import shown


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+33156070809", "+33 1 56 07 08 09"),
        ("+442079460018", "+44 20 7946 0018"),
        ("anonymous", "anonymous"),
        ("", ""),
    ],
)
def test_a_number_is_written_as_one_reads_it_and_what_is_none_as_it_came(number, read):
    assert shown(number) == read
