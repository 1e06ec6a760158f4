"""The coefficients fitted to measurements; scipy, never at run time."""
