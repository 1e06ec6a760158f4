"""What was asked, exports of it, and the form that shares it."""
