from django.apps import AppConfig


class Messages(AppConfig):
    name = "lamplit.messages"
    label = "lamplit_messages"  # `messages` is Django's own
