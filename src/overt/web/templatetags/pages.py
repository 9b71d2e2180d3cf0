"""Tags every template has: times as people read them, GOV.UK form fields."""

from django import template

register = template.Library()
