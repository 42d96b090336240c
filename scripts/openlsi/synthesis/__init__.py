"""Made-up extracts of the twelve Kent districts, and the truth about them for the tests.

Nothing in the pipeline imports this package. Every person, address and account is made up; the
official workbooks that it copies are real.
"""
