from django.apps import AppConfig


class Tenancies(AppConfig):
    name = "lamplit.tenancies"
    label = "tenancies"
