"""The protocol at run time: what drives a step and what ends it. Numbers only, no fields."""
