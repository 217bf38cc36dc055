from django.apps import AppConfig


class Homes(AppConfig):
    name = "lamplit.homes"
    label = "homes"
