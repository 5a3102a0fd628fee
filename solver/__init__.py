"""lithostat: finite-element chemo-mechanics of battery cathode particles."""
