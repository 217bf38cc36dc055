from django.apps import AppConfig


class Staff(AppConfig):
    name = "lamplit.staff"
    label = "staff"
