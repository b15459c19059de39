"""Addresses of a brand's settings, and of its own people's screen."""

from django.urls import path

from homeshore.web.brand import settings, views

urlpatterns = [
    path("brand/", views.service, name="brand-service"),
    path("brands/", settings.brands, name="brands"),
    path("brands/<int:brand_id>/chat/", settings.widget, name="brand-widget"),
    path("brands/<int:brand_id>/hours/", settings.hours, name="brand-hours"),
    path("brands/<int:brand_id>/replies/", settings.replies, name="brand-replies"),
    path("brands/<int:brand_id>/replies/<int:reply_id>/", settings.replies, name="brand-reply"),
    path("brands/<int:brand_id>/replies/<int:reply_id>/delete/", settings.delete_reply, name="brand-reply-delete"),
    path("brands/<int:brand_id>/articles/", settings.articles, name="brand-articles"),
    path("brands/<int:brand_id>/articles/<int:article_id>/", settings.articles, name="brand-article"),
    path(
        "brands/<int:brand_id>/articles/<int:article_id>/delete/",
        settings.delete_article,
        name="brand-article-delete",
    ),
]
