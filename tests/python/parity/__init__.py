"""One site by the real Evidence and by ours: what each page says, read and compared."""
