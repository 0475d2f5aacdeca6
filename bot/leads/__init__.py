"""Leads: what a person agreed to hand over, who may know it, how it is delivered, and how it is forgotten."""
