from django.apps import AppConfig


class Rent(AppConfig):
    name = "lamplit.rent"
    label = "rent"
