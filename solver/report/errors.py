"""What a report cannot be made from."""


class ReportError(Exception):
    """Input that no report can be made from; the message is one line and says what is allowed."""
