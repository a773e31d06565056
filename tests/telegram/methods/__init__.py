"""The methods of the Bot API, one module for each subject; `book.py` lists them."""
