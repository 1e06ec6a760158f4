"""What a command is made of and may use: its row, its question, its form, the desk, the books' protocols, stored records."""
