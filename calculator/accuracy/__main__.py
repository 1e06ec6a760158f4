"""`python -m calculator.accuracy`: the command line of the report."""

import sys

from calculator.accuracy.report import main

sys.exit(main())
