from django.apps import AppConfig


class Repairs(AppConfig):
    name = "lamplit.repairs"
    label = "repairs"
