from django.apps import AppConfig


class Desk(AppConfig):
    name = "lamplit.desk"
    label = "desk"
