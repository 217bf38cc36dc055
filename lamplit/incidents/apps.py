from django.apps import AppConfig


class Incidents(AppConfig):
    name = "lamplit.incidents"
    label = "incidents"
