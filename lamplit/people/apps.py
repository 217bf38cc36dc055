from django.apps import AppConfig


class People(AppConfig):
    name = "lamplit.people"
    label = "people"
