"""The daily proof of retention."""
