from django.apps import AppConfig


class Portal(AppConfig):
    name = "lamplit.portal"
    label = "portal"
