from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "mathpixweb.api"
