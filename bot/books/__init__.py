"""What is stored, as one person may see and change it: one file for each protocol of `bot.desk.books`."""
