"""What is to be read: files, folders, zip archives, addresses of other file systems."""
