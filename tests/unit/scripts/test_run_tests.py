"""What a report of tests comes to, when some of them were tried again."""

from pathlib import Path

from scripts.run_tests import Counts, counted

REPORT = """<testsuites><testsuite tests="5">
  <testcase classname="tests.e2e.test_desk" name="test_right_at_once" />
  <testcase classname="tests.e2e.test_desk" name="test_right_when_tried_again" />
  <testcase classname="tests.e2e.test_desk" name="test_wrong_twice" />
  <testcase classname="tests.e2e.test_desk" name="test_right_when_tried_again" />
  <testcase classname="tests.e2e.test_desk" name="test_wrong_twice"><failure message="assert 0" /></testcase>
  <testcase classname="tests.e2e.test_desk" name="test_whose_fixture_failed"><error message="no browser" /></testcase>
  <testcase classname="tests.e2e.test_desk" name="test_without_a_telephone"><skipped message="no telephone" /></testcase>
</testsuite></testsuites>"""


def test_a_test_counts_once_by_its_last_try_and_a_second_try_is_named(tmp_path: Path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    assert counted(report) == Counts(
        passed=2, failed=2, skipped=1, second_tries=("tests.e2e.test_desk::test_right_when_tried_again",)
    )
