"""How far off predictions are: `python -m calculator.accuracy FILE.csv`."""
