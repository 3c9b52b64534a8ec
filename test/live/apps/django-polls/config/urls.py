from django.urls import path

from polls.views import health, questions

urlpatterns = [
    path("health/", health),
    path("questions/", questions),
]
