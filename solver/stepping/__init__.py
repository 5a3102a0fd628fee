"""Marching a particle through its protocol: time scheme, step control, increments, events."""
