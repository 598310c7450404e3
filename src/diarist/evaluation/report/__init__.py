"""A report on one system or several: a self-contained HTML page, and its pictures as PNG files.

:func:`report_page` and :func:`write_report` need no matplotlib: the pictures in the page are SVG.
:func:`write_pictures` needs it; see :func:`diarist.drawing.require_matplotlib`.
"""

from diarist.evaluation.report.contents import Limits, Report, prepare_report
from diarist.evaluation.report.page import report_page, write_report
from diarist.evaluation.report.pictures import write_pictures

__all__ = [
    "Limits",
    "Report",
    "prepare_report",
    "report_page",
    "write_pictures",
    "write_report",
]
