"""What a state looks like from outside: means, extremes, wall values and pictures, in SI."""
