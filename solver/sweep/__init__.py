"""Sweeps: many cases from one file, planned, run by an engine, kept in one folder and collected."""
