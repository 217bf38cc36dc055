from django.apps import AppConfig


class Complaints(AppConfig):
    name = "lamplit.complaints"
    label = "complaints"
