"""
Plain pages for people: every word is rendered here, and nothing needs a script.

They call the same functions of the desk as the API, with the same rights and refusals; what stands in
the cookie of a session opens both.
"""

from api.pages.front import install

__all__ = ["install"]
