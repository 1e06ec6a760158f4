"""What is stored, as one person may see and change it: a book for each protocol of `bot.desk.books`, and the desks."""
