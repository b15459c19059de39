"""Addresses of the planner's screens: plans, then the steps of one, from left to right."""

from django.urls import path

from homeshore.web.planner import comparison, forecast, history, income, mix, plans, report, schedule, staffing, work

urlpatterns = [
    path("", plans.overview, name="planning"),
    path("new/", plans.new, name="planning-new"),
    path("<int:plan_id>/", plans.resume, name="planning-plan"),
    path("<int:plan_id>/delete/", plans.delete, name="planning-delete"),
    path("<int:plan_id>/history/", history.page, name="planning-history"),
    path("<int:plan_id>/forecast/", forecast.page, name="planning-forecast"),
    path("<int:plan_id>/staffing/", staffing.page, name="planning-staffing"),
    path("<int:plan_id>/staffing/what-if/", staffing.what_if, name="planning-what-if"),
    path("<int:plan_id>/staffing/mix/", mix.ask, name="planning-mix"),
    path("<int:plan_id>/schedule/", schedule.page, name="planning-schedule"),
    path("<int:plan_id>/schedule/repair/", schedule.repair, name="planning-repair"),
    path("<int:plan_id>/schedule/repair/settle/", schedule.settle, name="planning-repair-settle"),
    path("<int:plan_id>/income/", income.page, name="planning-income"),
    path("<int:plan_id>/comparison/", comparison.page, name="planning-comparison"),
    path("<int:plan_id>/report/", report.as_page, name="planning-report"),
    path("<int:plan_id>/report.pdf", report.as_pdf, name="planning-report-pdf"),
    path("work/<int:work_id>/", work.progress, name="planning-work"),
    path("work/<int:work_id>/cancel/", work.cancel, name="planning-work-cancel"),
]
