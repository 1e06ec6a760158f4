"""What a command is made of and may use: the question, the asker, the desk, the books' protocols, a submitted form."""
