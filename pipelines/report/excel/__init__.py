"""The report as a workbook, ready to be filtered, sorted and pivoted."""
