"""The pages of one person's data sets; included once for members, and once for whoever may see others' data.

Each inclusion passes `access`, the function that says whose data a request may see.
"""

from django.urls import path

from . import views

app_name = "datasets"
urlpatterns = [
    path("", views.OverviewView.as_view(), name="overview"),
    path("<slug:slug>/", views.DataSetView.as_view(), name="data-set"),
    path("<slug:slug>/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path("<slug:slug>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
