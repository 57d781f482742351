"""The application, built once where children are forked from: each child opens a house of its own in it."""

from api.app import make_app

APP = make_app()
